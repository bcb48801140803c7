#!/usr/bin/python3
"""Trains the arrival-time model on days 1 to 16 of the deliveries and writes it as ONNX, with its card.

    train_eta.py OUT.csv [--deliveries FILE] [--models FOLDER]

OUT.csv is what `grid replay FILE --bundle bundles/eats --source deliveries --decision eta --out OUT.csv` wrote.
"""
import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"  # one order of summation: the same bytes again

import argparse
from pathlib import Path

import numpy as np
import onnx
import sklearn

import calibration
import deliveries
import eta_card
import eta_graph
import quantiles

AGREEMENT = 1e-4  # relative; float32 sums of 200 leaves stay far below


def split(rows, learn_to, first, last):
    """Two masks of rows that count: learnt from (to day `learn_to`), and scored (days `first` to `last`)."""
    return (rows.counts & (rows.day <= learn_to)).to_numpy(), (rows.counts & rows.day.between(first, last)).to_numpy()


def both(rows, predicted, part):
    actual = rows.actual_s.to_numpy()[part]
    return {
        "as the model says": quantiles.figures(actual, predicted[part]),
        "calibrated live": quantiles.figures(actual, calibration.calibrate(rows, predicted)[part]),
    }


def drill(rows, predicted, part, factor=1.25):
    """From day 17 on everything takes longer by `factor` and the features do not tell: what does calibration repair?"""
    later = rows.copy()
    later.loc[later.day > deliveries.LAST_TRAIN_DAY, "actual_s"] *= factor
    later["delivered"] = later.placed + later.actual_s
    return both(later, predicted, part)


def main() -> None:
    bundle = Path(__file__).resolve().parents[1]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("replayed", type=Path, metavar="OUT.csv")
    parser.add_argument("--deliveries", type=Path, default=deliveries.DATA / "deliveries-month.csv.gz")
    parser.add_argument("--models", type=Path, default=bundle / "models")
    arguments = parser.parse_args()
    rows = deliveries.read(arguments.deliveries)
    x, actual = deliveries.join(rows, arguments.replayed), rows.actual_s.to_numpy()

    inside = {}
    for learn_to, first, last in ((8, 9, 12), (12, 13, 16)):
        learn, part = split(rows, learn_to, first, last)
        inside[f"{first} to {last}"] = both(rows, quantiles.predict(quantiles.fit(x[learn], actual[learn]), x), part)

    learn, test = split(rows, deliveries.LAST_TRAIN_DAY, deliveries.LAST_TRAIN_DAY + 1, deliveries.LAST_TEST_DAY)
    ensembles = quantiles.fit(x[learn], actual[learn])
    metadata = {"trained_on": f"{arguments.deliveries.name}, days 1 to {deliveries.LAST_TRAIN_DAY}, ASAP orders under 3 hours"}
    model = eta_graph.build(deliveries.FEATURES, ensembles, metadata)
    expected, predicted = quantiles.predict(ensembles, x), eta_graph.score(model, x).astype(float)
    agreement = float(np.abs(predicted / expected - 1).max())
    if agreement > AGREEMENT:
        raise SystemExit(f"eta.onnx would differ from the trained model by {agreement:.1e} relative, more than {AGREEMENT:.0e}")
    arguments.models.mkdir(parents=True, exist_ok=True)
    (arguments.models / "eta.onnx").write_bytes(model.SerializeToString())

    outcome = both(rows, predicted, test)
    median = float(np.abs(actual[test] - np.median(actual[learn])).mean())
    text = eta_card.card(
        deliveries.FEATURES, f"scikit-learn {sklearn.__version__}, onnx {onnx.__version__}", int(learn.sum()), median, inside, outcome,
        drill(rows, predicted, test), agreement)
    (arguments.models / "eta.md").write_text(text)
    for name, values in outcome.items():
        print(name, *(f"{k} {v:.1f}" for k, v in values.items()), sep="  ")
    print(f"median predictor {median:.1f} s  agreement {agreement:.1e}")


if __name__ == "__main__":
    main()
