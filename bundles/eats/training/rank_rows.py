#!/usr/bin/python3
"""Makes the bundle that a simulated city is replayed through to get the rows that the ranking model is trained on.

    rank_rows.py FOLDER

FOLDER gets the eats bundle with one event more, `shown` (a restaurant that a search showed), and a decision of it whose vector is that of the
decision `rank`, word for word. So every feature of every row is computed by the grid, from what was known at the moment of the search. Two things
differ from what is served: the favourite cuisine, a batch feature, is computed here by the stream, a day late as a nightly batch would be; and the
model knows nothing.
"""
import re
import sys
from pathlib import Path

import rank_graph

BUNDLE = Path(__file__).resolve().parents[1]
RANK = BUNDLE / "rank.yaml"
BATCH = "favourite_cuisine:  { batch: text, max_age: 7d }"
STREAM = "favourite_cuisine:  { top: order_placed.cuisine, window: 30d, delay: 1d }"
CITY = "  city:\n    format: csv\n    events:\n"
SHOWN_ROWS = """      - event: shown
        when: { event: shown }
        columns: { shown_id: id, at: at, user: user, restaurant: restaurant, courier_area: courier_area, cuisine: cuisine, distance_km: distance_km, searched: searched, basket: basket }
"""
SHOWN = """events:
  shown:
    id: shown_id
    time: at
    fields:
      shown_id: string
      at: timestamp
      user: string
      restaurant: string
      courier_area: string
      cuisine: string
      distance_km: { type: decimal(3), min: 0 }
      searched: { type: string, optional: true }
      basket: { type: decimal(2), min: 0, max: 100000, default: 0 }
    keys: { user: user, restaurant: restaurant, courier_area: courier_area }

models:
  rank: { file: models/rank.onnx, input: x, score: p }

decisions:
  shown:
    on: shown
    owner: user
FEATURES    model: rank
    policy:
      - show: "true"
    fallback: { show: model_unavailable }
"""


def features_block() -> str:
    """The vector as the decision `rank` declares it: its lines from `features:` to the next key."""
    return re.search(r"^    features:\n(?:      - .*\n)+", RANK.read_text(), re.M).group()


def features() -> list[str]:
    """The vector's names, in order."""
    return re.findall(r"^      - ([\w.]+)", features_block(), re.M)


def late_features() -> list[str]:
    """Those of the vector that the fallback model takes, in its order."""
    return re.search(r"^    fallback_model:\n(?:      .*\n)*?      features: \[(.*)\]$", RANK.read_text(), re.M).group(1).split(", ")


def replaced(text: str, old: str, new: str) -> str:
    if text.count(old) != 1:
        raise SystemExit(f"bundle.yaml has {text.count(old)} times, not once:\n{old}")
    return text.replace(old, new)


def write(folder: Path) -> None:
    (folder / "models").mkdir(parents=True, exist_ok=True)
    bundle = replaced((BUNDLE / "bundle.yaml").read_text(), BATCH, STREAM)
    (folder / "bundle.yaml").write_text(replaced(bundle, CITY, CITY + SHOWN_ROWS))
    (folder / "shown.yaml").write_text(SHOWN.replace("FEATURES", features_block()))
    (folder / "models" / "eta.onnx").write_bytes((BUNDLE / "models" / "eta.onnx").read_bytes())
    (folder / "models" / "rank.onnx").write_bytes(rank_graph.of_nothing(features()).SerializeToString())


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    write(Path(sys.argv[1]))
