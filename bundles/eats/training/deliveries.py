"""The deliveries of the month: which rows count, when each was placed and delivered, the days, and the vector's names."""
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT.parent / "shared" / "data" / "eats"

# The vector of the decision `eta`, in the model's order. What each is: README.md.
FEATURES = [
    "order_total", "discount", "hour", "is_palo_alto", "is_mountain_view",
    "courier_area.unaccepted", "courier_area.waiting_for_courier", "courier_area.arrived", "courier_area.arrived_15m",
    "courier_area.open_30m", "courier_area.open_1h", "courier_area.open_3h",
    "courier_area.placed_30m", "courier_area.delivered_30m", "courier_area.couriers_1h", "orders_per_courier",
    "courier_area.total_s_1h", "courier_area.total_s_decayed", "courier_area.arrive_s_30m",
    "restaurant.total_s", "restaurant.last_leg_s", "restaurant.arrive_s", "restaurant.accept_s", "restaurant.delivered_30d",
    "restaurant.open_6h", "restaurant.total_s_2h", "restaurant.accept_s_2h",
    "user.total_s", "user.last_leg_s", "user.delivered_30d",
]

LONGEST_S = 10_800   # orders that took 3 hours or more are neither trained on nor scored
LAST_TRAIN_DAY = 16
LAST_TEST_DAY = 23
DAY_S = 86_400


def read(file: Path) -> pd.DataFrame:
    """One row per order, in input order: placed, delivered (seconds), area, actual_s, day (1 is the first), counts."""
    raw = pd.read_csv(file, keep_default_na=False, na_values=[""])
    placed, delivered = raw.customer_placed_order_s, raw.delivered_to_consumer_s
    rows = pd.DataFrame({"placed": placed.astype(float), "delivered": delivered.astype(float), "area": raw.delivery_region})
    rows["actual_s"] = rows.delivered - rows.placed
    rows["day"] = placed // DAY_S + 1
    rows["counts"] = (raw.is_asap.astype(str) == "True") & rows.actual_s.between(0, LONGEST_S, inclusive="neither")
    return rows


def join(rows: pd.DataFrame, replayed: Path) -> np.ndarray:
    """The vectors that `grid replay --out` wrote, float32, one per order; an empty cell is a missing value."""
    table = pd.read_csv(replayed)
    number = table.columns[0]
    missing = [name for name in FEATURES if name not in table]
    if missing:
        raise SystemExit(f"{replayed}: no column {missing[0]!r} ({len(missing)} of {len(FEATURES)} features are absent)")
    if table[number].duplicated().any():
        raise SystemExit(f"{replayed}: row number {table[number][table[number].duplicated()].iloc[0]} occurs twice in column {number!r}")
    table = table.set_index(number)
    if len(table) != len(rows) or not table.index.isin(rows.index).all():
        raise SystemExit(f"{replayed}: {len(table)} rows for {len(rows)} deliveries; the first column must hold the numbers 0 to {len(rows) - 1}")
    return table.loc[rows.index, FEATURES].to_numpy(np.float32)
