#!/usr/bin/python3
"""Trains the fraud bundle's two models on the Handbook's train week and writes them as ONNX, with their cards.

    train.py [--data FOLDER] [--models FOLDER] [--probe FILE]
"""
import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"  # one order of summation: the same bytes again

import argparse
from pathlib import Path

import numpy as np
import onnx
import pandas as pd
import sklearn
import xgboost
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

import cards
import graphs
import handbook
import thresholds

AGREEMENT = 2e-6
NAMES = list(handbook.FEATURES)


def fit_logistic(x, fraud):
    scaler = StandardScaler().fit(x)
    regression = LogisticRegression(random_state=0).fit(scaler.transform(x), fraud)
    graph = lambda metadata: graphs.logistic(NAMES, scaler, regression, metadata)
    return lambda rows: regression.predict_proba(scaler.transform(rows))[:, 1], graph


def fit_trees(x, fraud):
    trees = xgboost.XGBClassifier(random_state=0, n_jobs=1).fit(x.astype(np.float32), fraud)
    graph = lambda metadata: graphs.trees(NAMES, trees.get_booster(), metadata)
    return lambda rows: trees.predict_proba(rows.astype(np.float32))[:, 1], graph


def vectors(rows):
    return rows[list(handbook.FEATURES.values())].to_numpy(np.float64)


def train(name, fit, rows, folder):
    learn, test = handbook.train_week(rows), handbook.test_week(rows)
    x, fraud = vectors(learn), learn.TX_FRAUD.to_numpy()
    predict, graph = fit(x, fraud)
    trained_on = "Fraud Detection Handbook, simulated card payments, 2018-07-25 to 2018-07-31, label delay 7 days"
    (folder / f"{name}.onnx").write_bytes(graph({"trained_on": trained_on}).SerializeToString())
    model = onnx.load(folder / f"{name}.onnx")

    scores = graphs.score(model, vectors(test))[:, 0]
    agreement = max(
        np.abs(scores - predict(vectors(test))).max(), np.abs(graphs.score(model, x)[:, 0] - predict(x)).max())
    if agreement > AGREEMENT:
        raise SystemExit(f"{name}.onnx differs from the trained model by {agreement:.1e}, more than {AGREEMENT:.0e}")

    unseen = thresholds.unseen_scores(lambda x, y: fit(x, y)[0], x, fraud, learn.CUSTOMER_ID.to_numpy())
    chosen = thresholds.choose(unseen, fraud)
    offline = handbook.metrics(test, scores)
    packages = f"scikit-learn {sklearn.__version__}, XGBoost {xgboost.__version__}, onnx {onnx.__version__}"
    sizes = {
        "train": len(learn), "train frauds": int(fraud.sum()), "test": len(test), "test frauds": int(test.TX_FRAUD.sum())}
    text = cards.card(
        name, NAMES, packages, sizes, offline, chosen, thresholds.effect(unseen, fraud, chosen),
        thresholds.effect(scores, test.TX_FRAUD.to_numpy(), chosen), thresholds.calibration(unseen, fraud), agreement)
    (folder / f"{name}.md").write_text(text)
    print(name, *(f"{k} {v:.4f}" for k, v in {**offline, **chosen}.items()), f"agreement {agreement:.1e}", sep="  ")
    return model, predict


def probe_rows(trees):
    """Made-up vectors: 40 plausible ones and 40 with a feature exactly on a split of the trees, where < and <= differ."""
    random = np.random.default_rng(7)

    def plausible(count):
        one, seven, month = (np.sort(random.integers(1, 120, (count, 3)), 1).T)
        mean = random.uniform(5, 300, count)
        near = lambda: mean * random.uniform(0.5, 2, count)
        risk = lambda: random.choice([0, 0, 0.05, 0.25, 0.5, 1], count)
        at = np.sort(random.integers(0, 60, (count, 3)), 1).T
        amount = np.round(mean * random.choice([0.3, 1, 1.5, 5], count), 2)
        return np.stack([
            amount, random.integers(0, 2, count), random.integers(0, 2, count), one, near(), seven, near(), month, near(),
            at[0], risk(), at[1], risk(), at[2], risk()], 1)

    on_split = plausible(40)
    attributes = {a.name: onnx.helper.get_attribute_value(a) for a in trees.graph.node[0].attribute}
    splits = [i for i, mode in enumerate(attributes["nodes_modes"]) if mode != b"LEAF"]
    for row in on_split:
        for i in random.choice(splits, 5):
            row[attributes["nodes_featureids"][i]] = attributes["nodes_values"][i]
    return np.concatenate([plausible(40), on_split]).astype(np.float32).astype(np.float64)


def write_probe(file, models):
    x = probe_rows(models["trees"][0])
    expected = {name: predict(x) for name, (_, predict) in models.items()}
    for name, (model, _) in models.items():
        difference = np.abs(graphs.score(model, x)[:, 0] - expected[name]).max()
        if difference > AGREEMENT:
            raise SystemExit(f"{name}.onnx differs from the trained model by {difference:.1e} on the probe rows")
    lines = [",".join([*NAMES, *expected])]
    for i, row in enumerate(x):
        lines.append(",".join([f"{v:.9g}" for v in row] + [f"{scores[i]:.9g}" for scores in expected.values()]))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(lines) + "\n")


def main() -> None:
    bundle = Path(__file__).resolve().parents[1]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=handbook.DATA, help="folder of baseline_window.csv.gz")
    parser.add_argument("--models", type=Path, default=bundle / "models")
    parser.add_argument("--probe", type=Path, default=handbook.ROOT / "tests/Grid.EndToEnd.Tests/models/probe.csv")
    arguments = parser.parse_args()
    published = arguments.data / "baseline_window.csv.gz"
    if not published.is_file():
        raise SystemExit(f"{published} is not there; say with --data which folder has it")
    rows = pd.read_csv(published)
    arguments.models.mkdir(parents=True, exist_ok=True)
    fits = {"logistic": fit_logistic, "trees": fit_trees}
    write_probe(arguments.probe, {name: train(name, fit, rows, arguments.models) for name, fit in fits.items()})


if __name__ == "__main__":
    main()
