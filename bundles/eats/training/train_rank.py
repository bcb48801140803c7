#!/usr/bin/python3
"""Trains the ranking model and the smaller one, for what comes too late, on a simulated city's searches and writes both as ONNX, with their cards.

    train_rank.py ROWS.csv CITY.csv.gz [--uci FOLDER] [--models FOLDER]

How ROWS.csv and CITY.csv.gz are made: rank.md.
"""
import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"  # one order of summation: the same bytes again

import argparse
from pathlib import Path

import numpy as np
import onnx
import sklearn
from sklearn.ensemble import HistGradientBoostingClassifier

import rank_card
import rank_graph
import rank_fallback_card
import rank_rows
import sessions
import uci

AGREEMENT = 1e-5
SETTINGS = dict(max_iter=150, learning_rate=0.1, max_leaf_nodes=12, min_samples_leaf=200, l2_regularization=5, early_stopping=False, random_state=0)


def fit(x, chosen):
    return HistGradientBoostingClassifier(**SETTINGS).fit(x, chosen)


def graph_of(file, names, trees, x):
    """The model as a graph, and what it says of `x`; no file where a plain reader of the graph and the trained model differ."""
    model = rank_graph.of_trees(names, trees, {"trained_on": "a simulated city (grid simulate eats --days 42 --seed 1), days 22 to 35"})
    scores = rank_graph.score(model, x)
    agreement = float(np.abs(scores - trees.predict_proba(x)[:, 1]).max())
    if agreement > AGREEMENT:
        raise SystemExit(f"{file.name} would differ from the trained model by {agreement:.1e}, more than {AGREEMENT:.0e}")
    file.write_bytes(model.SerializeToString())
    return model, scores, agreement


def log_loss(chosen, chance):
    """Per thousand rows."""
    return float(-1000 * np.mean(np.where(chosen, np.log(chance), np.log1p(-chance))))


def without(groups, x, learn, test, rows):
    """The figures of models that were trained without some features: what these are worth."""
    told = {}
    for name, dropped in groups.items():
        kept = x.copy()
        kept[:, dropped] = 0
        score = fit(kept[learn], rows.chosen[learn]).predict_proba(kept[test])[:, 1]
        told[name] = sessions.figures(rows.chosen[test].to_numpy(), score, rows.group[test].to_numpy())
    return told


def main() -> None:
    bundle = Path(__file__).resolve().parents[1]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("replayed", type=Path, metavar="ROWS.csv")
    parser.add_argument("city", type=Path, metavar="CITY.csv.gz")
    parser.add_argument("--uci", type=Path, default=bundle.parents[2] / "shared" / "data" / "eats")
    parser.add_argument("--models", type=Path, default=bundle / "models")
    arguments = parser.parse_args()
    names = rank_rows.features()
    rows = sessions.read(arguments.replayed, arguments.city, names)
    rows["group"] = rows.search.factorize()[0]
    x, learn, test = rows[names].to_numpy(np.float32), ~rows.test.to_numpy(), rows.test.to_numpy()

    arguments.models.mkdir(parents=True, exist_ok=True)
    model, scores, agreement = graph_of(arguments.models / "rank.onnx", names, fit(x[learn], rows.chosen[learn]), x[test])
    late = rank_rows.late_features()
    taken = [names.index(name) for name in late]
    small = fit(x[learn][:, taken], rows.chosen[learn])
    _, late_scores, late_agreement = graph_of(arguments.models / "rank_fallback.onnx", late, small, x[test][:, taken])

    chosen, group = rows.chosen[test].to_numpy(), rows.group[test].to_numpy()
    ways = {**sessions.baselines(rows[test]), "this model": scores}
    city = {name: sessions.figures(chosen, score, group) for name, score in ways.items()}
    groups = {
        "without all that is minutes old (counts, couriers, kitchen of the last hour, last cuisine)": [
            i for i, name in enumerate(names) if name in (
                "last_cuisine_match", "restaurant.num_orders_last_30_min", "restaurant.open_orders", "restaurant.kitchen_s_mean_1h",
                "restaurant.kitchen_s_p90_1h", "courier_area.free_couriers", "courier_area.busy_couriers", "courier_area.orders_per_courier")],
        "without the cuisine searched, now or within the hour": [names.index("searched_match"), names.index("last_cuisine_match")],
        "without the favourite cuisine": [names.index("favourite_match")],
    }
    removed = without(groups, x, learn, test, rows)
    real = uci.read(arguments.uci)
    ratings = None if real is None else {
        name: sessions.figures(real.rating.to_numpy(), score, real.user.factorize()[0]) for name, score in {
            "by chance": np.zeros(len(real)),
            "nearest first": -real.distance_km.to_numpy(),
            "best rated first (by the others)": real["restaurant.rating_mean"].fillna(3).to_numpy(),
            "this model": rank_graph.score(model, uci.vectors(real, names)),
        }.items()}
    sizes = {
        "searches": rows.group[learn].nunique(), "rows": int(learn.sum()), "orders": int(rows.chosen[learn].sum()),
        "test searches": rows.group[test].nunique(), "test rows": int(test.sum()), "test orders": int(chosen.sum())}
    calibration = [(float(scores[part].mean()), float(chosen[part].mean()), len(part)) for part in np.array_split(np.argsort(scores), 5)]
    packages = f"scikit-learn {sklearn.__version__}, onnx {onnx.__version__}"
    (arguments.models / "rank.md").write_text(rank_card.card(
        names, packages, SETTINGS, sizes, city, removed, calibration, None if real is None else uci.taste(real), ratings, agreement))
    blind = x[test].copy()
    blind[:, [i for i in range(len(names)) if i not in taken]] = np.nan
    chances = {"`rank`, with what is late missing": rank_graph.score(model, blind), "this model": late_scores, "`rank`, with everything": scores}
    late_ways = {
        **{name: city[name] for name in ("nearest first", "cuisine searched, then nearest")},
        **{name: {**sessions.figures(chosen, said, group), "log loss": log_loss(chosen, said)} for name, said in chances.items()}}
    (arguments.models / "rank_fallback.md").write_text(rank_fallback_card.card(late, packages, SETTINGS, sizes, late_ways, late_agreement))
    for name, figures in {**city, **removed, **{f"late, {k}": v for k, v in late_ways.items()}, **{f"UCI, {k}": v for k, v in (ratings or {}).items()}}.items():
        print(f"{name}:", *(f"{k} {v:.3f}" if isinstance(v, float) else f"{k} {v:,}" for k, v in figures.items()), sep="  ")


if __name__ == "__main__":
    main()
