#!/usr/bin/python3
"""Writes made-up vectors with what the ranking models make of them, as the plain reader of their graphs says: a test has the grid score them.

    rank_probe.py [--models FOLDER] [--probes FOLDER]

Of each model 40 plausible vectors, half of them with values missing, and 40 with features exactly on a split of the trees, where < and <= differ.
"""
import argparse
from pathlib import Path

import numpy as np
import onnx

import rank_graph
import rank_rows

ROOT = Path(__file__).resolve().parents[3]
#        user's rating, ratings, orders, spend; matches; km, hour, basket; stars, ratings, orders, open, kitchen mean, p90, p90; couriers free, busy, orders
LOW = [1, 0, 0, 0, 0, 0, 0, 0.1, 8, 10, 2, 0, 0, 0, 300, 300, 400, 0, 0, 0]
HIGH = [5, 8, 30, 900, 1, 1, 1, 8, 22, 90, 5, 60, 8, 8, 2400, 3000, 3600, 9, 12, 4]
WHOLE = [2, 4, 5, 6, 8, 11, 12, 13, 17, 18]


def plausible(random, count):
    x = random.uniform(LOW, HIGH, (count, len(LOW)))
    x[:, WHOLE] = np.round(x[:, WHOLE])
    return x


def write(file: Path, probe: Path, features: list[str]) -> None:
    model, random = onnx.load(file), np.random.default_rng(7)
    trees = {a.name: onnx.helper.get_attribute_value(a) for a in model.graph.node[0].attribute}
    splits = [i for i, mode in enumerate(trees["nodes_modes"]) if mode != b"LEAF"]
    x = plausible(random, 80)[:, [rank_rows.features().index(name) for name in features]]
    x[:20][random.random((20, x.shape[1])) < 0.3] = np.nan
    for row in x[40:]:
        for i in random.choice(splits, 6):
            row[trees["nodes_featureids"][i]] = trees["nodes_values"][i]
    x = x.astype(np.float32)
    lines = [",".join([*features, file.stem])]
    lines += [",".join("" if np.isnan(v) else f"{v:.9g}" for v in [*row, p]) for row, p in zip(x, rank_graph.score(model, x))]
    probe.write_text("\n".join(lines) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, default=rank_rows.BUNDLE / "models")
    parser.add_argument("--probes", type=Path, default=ROOT / "tests/Grid.EndToEnd.Tests/models")
    arguments = parser.parse_args()
    write(arguments.models / "rank.onnx", arguments.probes / "rank_probe.csv", rank_rows.features())
    write(arguments.models / "rank_fallback.onnx", arguments.probes / "rank_fallback_probe.csv", rank_rows.late_features())


if __name__ == "__main__":
    main()
