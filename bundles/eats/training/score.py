#!/usr/bin/python3
"""Scores what a replay answered, against what was delivered: the figures of README.md, from the grid's own outputs.

    score.py OUT.csv [--deliveries FILE]

OUT.csv is what `grid replay FILE --bundle bundles/eats --source deliveries --decision eta --out OUT.csv` wrote.
"""
import argparse
from pathlib import Path

import numpy as np
import pandas as pd

import calibration
import deliveries
import quantiles


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("replayed", type=Path, metavar="OUT.csv")
    parser.add_argument("--deliveries", type=Path, default=deliveries.DATA / "deliveries-month.csv.gz")
    arguments = parser.parse_args()
    rows = deliveries.read(arguments.deliveries)
    table = pd.read_csv(arguments.replayed).set_index("row").loc[rows.index]
    said = table[["p20_s", "p50_s", "p80_s"]].to_numpy()
    answered = table[["eta_p20_s", "eta_p50_s", "eta_p80_s"]].to_numpy()
    part = (rows.counts & rows.day.between(deliveries.LAST_TRAIN_DAY + 1, deliveries.LAST_TEST_DAY)).to_numpy()
    actual = rows.actual_s.to_numpy()[part]
    for name, predicted in (("as the model says", said), ("as the grid answers", answered)):
        print(f"{name:20}", "  ".join(f"{key} {value:.1f}" for key, value in quantiles.figures(actual, predicted[part]).items()))

    # The plain twin of the bundle's expressions; said values are sent with three decimal places, ratios are kept with six.
    twin = calibration.calibrate(rows, said)
    apart = np.abs(twin[part] - answered[part]) / answered[part]
    print(f"the twin of the calibration differs by at most {apart.max():.1e} (relative), by more than 1e-4 in {int((apart.max(axis=1) > 1e-4).sum())} of {part.sum()} orders")


if __name__ == "__main__":
    main()
