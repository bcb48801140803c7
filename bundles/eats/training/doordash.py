#!/usr/bin/python3
"""The published interview orders: a model over their own columns, split in time, beside the published figures.

    doordash.py [--orders FILE]

No model is kept: the columns say how many couriers were on shift, which the grid's features would say in its place.
"""
import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingRegressor

import deliveries

COLUMNS = [
    "market_id", "order_protocol", "total_items", "subtotal", "num_distinct_items", "min_item_price", "max_item_price", "total_onshift_dashers",
    "total_busy_dashers", "total_outstanding_orders", "estimated_order_place_duration", "estimated_store_to_consumer_driving_duration",
]
TEST_FROM = "2015-02-12"       # the last week or so; the split within the train part is a week before
VALIDATE_FROM = "2015-02-06"
PACIFIC_H = 8
CANDIDATES = [dict(max_iter=i, learning_rate=0.05, max_leaf_nodes=l, min_samples_leaf=40) for i in (150, 300) for l in (8, 16)]


def read(file: Path) -> pd.DataFrame:
    rows = pd.read_csv(file)
    rows = rows[rows.part == "random10"].copy()
    rows["at"] = pd.to_datetime(rows.created_at)
    local = rows["at"] - pd.Timedelta(hours=PACIFIC_H)
    rows["hour"], rows["weekday"] = local.dt.hour + local.dt.minute / 60, local.dt.dayofweek
    shift = rows.total_onshift_dashers.where(rows.total_onshift_dashers > 0)
    rows["busy_share"] = rows.total_busy_dashers / shift
    rows["orders_per_courier"] = rows.total_outstanding_orders / shift
    rows["free"] = rows.total_onshift_dashers - rows.total_busy_dashers
    return rows.sort_values(["at", "source_row"], kind="stable")


def vectors(learn, rows):
    """The columns, and of the store and its category the mean over the learnt orders, pulled to the mean of all."""
    x = rows[[*COLUMNS, "hour", "weekday", "busy_share", "orders_per_courier", "free"]].copy()
    for name, weight in (("store_primary_category", 20), ("store_id", 20)):
        sums = learn.groupby(name).duration_s.agg(["sum", "size"])
        usual = (sums["sum"] + weight * learn.duration_s.mean()) / (sums["size"] + weight)
        x[name] = rows[name].map(usual)
    return x.to_numpy(np.float64)


def fit(loss, settings, learn):
    """Stores' means are learnt on the first half for the second and the other way round, so that no order sees its own."""
    even = np.arange(len(learn)) % 2 == 0
    x = np.empty((len(learn), len(vectors(learn, learn[:1])[0])))
    for part in (even, ~even):
        x[part] = vectors(learn[~part], learn[part])
    model = HistGradientBoostingRegressor(loss=loss, early_stopping=False, random_state=0, **settings)
    model.fit(x, learn.duration_s)
    return lambda rows: model.predict(vectors(learn, rows))


def errors(rows, predicted):
    error = rows.duration_s.to_numpy() - predicted
    return np.sqrt((error ** 2).mean()), np.abs(error).mean()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=Path, default=deliveries.DATA / "doordash_orders.csv.gz")
    rows = read(parser.parse_args().orders)
    short = rows.duration_s < deliveries.LONGEST_S
    learn, test = rows[short & (rows["at"] < TEST_FROM)], rows[rows["at"] >= TEST_FROM]
    first, second = learn[learn["at"] < VALIDATE_FROM], learn[learn["at"] >= VALIDATE_FROM]
    print(f"learnt {len(learn):,} orders under 3 h before {TEST_FROM}; scored {len(test):,} from then on, {(~short[test.index]).sum()} of them of 3 h or more")
    print(f"{'':34}{'under 3 h: RMSE':>16}{'MAE':>8}{'all: RMSE':>12}{'MAE':>8}")
    results = {"mean": lambda r: np.full(len(r), learn.duration_s.mean()), "median": lambda r: np.full(len(r), learn.duration_s.median())}
    for loss, at in (("squared_error", 0), ("absolute_error", 1)):
        best = min(CANDIDATES, key=lambda settings: errors(second, fit(loss, settings, first)(second))[at])
        results[f"trees, {loss} ({best['max_iter']} of {best['max_leaf_nodes']})"] = fit(loss, best, learn)
    for name, predict in results.items():
        cut, every = test[short[test.index]], test
        print(f"{name:34}" + "".join(f"{v:{w}.0f}" for v, w in zip((*errors(cut, predict(cut)), *errors(every, predict(every))), (16, 8, 12, 8))))


if __name__ == "__main__":
    main()
