"""The simulated searches: the vectors that the replay wrote, joined with which restaurant each search was followed by an order from; and ranking metrics."""
from pathlib import Path

import numpy as np
import pandas as pd

FIRST_TRAIN = "2026-03-23"   # three weeks of history before it
FIRST_TEST = "2026-04-06"    # two weeks to train on, one to score


def read(replayed: Path, city: Path, features: list[str]) -> pd.DataFrame:
    """One row per restaurant shown: the vector, `search`, `chosen`, `test` (of the last week)."""
    rows = pd.read_csv(replayed, usecols=["shown_id", *features], dtype={name: np.float32 for name in features})
    told = pd.read_csv(city, usecols=["event", "id", "at", "search", "chosen"], dtype=str)
    told = told[told.event == "shown"].set_index("id").loc[rows.shown_id]
    rows["search"], rows["chosen"] = told.search.to_numpy(), (told.chosen == "true").to_numpy()
    rows["test"] = (told["at"] >= FIRST_TEST).to_numpy()
    return rows


def figures(gain: np.ndarray, score: np.ndarray, group: np.ndarray) -> dict[str, float]:
    """NDCG@10 and hit rate@5 over the groups that have a gain; equal scores share their places, on average."""
    ndcg, hits = [], []
    order = np.argsort(group, kind="stable")
    for places in np.split(order, np.flatnonzero(np.diff(group[order])) + 1):
        of = gain[places].astype(float)
        if of.sum() > 0:
            ideal = (np.sort(of)[::-1][:10] * discounts(min(10, len(of)))).sum()
            expected = of_tied(of, score[places])
            ndcg.append((expected[:10] * discounts(min(10, len(of)))).sum() / ideal)
            hits.append(min(1.0, expected[:5].sum() / of.max()))
    return {"searches": len(ndcg), "NDCG@10": float(np.mean(ndcg)), "hit rate@5": float(np.mean(hits))}


def of_tied(gain: np.ndarray, score: np.ndarray) -> np.ndarray:
    """The gain expected at each place: the mean of a run of equal scores, for their order is a matter of chance."""
    order = np.argsort(-score, kind="stable")
    ranked, scores = gain[order], score[order]
    start = np.concatenate([[0], np.flatnonzero(np.diff(scores)) + 1, [len(scores)]])
    for first, last in zip(start, start[1:]):
        ranked[first:last] = ranked[first:last].mean()
    return ranked


def discounts(count: int) -> np.ndarray:
    return 1 / np.log2(np.arange(count) + 2)


def baselines(rows: pd.DataFrame) -> dict[str, np.ndarray]:
    """Plain ways to rank, each by one or two of the same features; the greatest comes first."""
    rating = rows["restaurant.rating_mean"].fillna(3.8).to_numpy()
    return {
        "by chance": np.zeros(len(rows)),
        "nearest first": -rows.distance_km.to_numpy(),
        "best rated first": rating,
        "most ordered from in 30 minutes first": rows["restaurant.num_orders_last_30_min"].to_numpy(),
        "cuisine searched, then nearest": 100 * rows.searched_match.to_numpy() - rows.distance_km.to_numpy(),
        "cuisine searched, last or favourite, then best rated":
            (100 * rows.searched_match + 50 * rows.last_cuisine_match + 25 * rows.favourite_match).to_numpy() + rating,
    }
