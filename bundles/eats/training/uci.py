"""What real ratings say: the UCI restaurant and consumer data, 1,161 ratings (0 to 2) of 130 restaurants by 138 users, with cuisines and places.

It has no times, no orders and no searches: too little for a model of its own. It answers two questions: is taste for a cuisine real, and does a
model that was trained on a made-up city put real users' better-rated restaurants first?
"""
from pathlib import Path

import numpy as np
import pandas as pd

FILES = ["uci_rating_final.csv", "uci_geoplaces2.csv", "uci_userprofile.csv", "uci_chefmozcuisine.csv", "uci_usercuisine.csv"]


def read(folder: Path) -> pd.DataFrame | None:
    """One row per rating: as much of the vector as the data has (means leave the rating itself out), `user`, `rating`; None where it is not there."""
    if not all((folder / name).is_file() for name in FILES):
        return None
    ratings, places, users, cuisines, tastes = (pd.read_csv(folder / name, encoding="latin-1") for name in FILES)
    offered, named = cuisines.groupby("placeID").Rcuisine.apply(set), tastes.groupby("userID").Rcuisine.apply(set)
    rows = ratings.merge(places[["placeID", "latitude", "longitude"]], on="placeID").merge(
        users[["userID", "latitude", "longitude"]], on="userID", suffixes=("", "_user"))
    stars = 1 + 2 * rows.rating.astype(float)  # 0, 1, 2 as 1, 3, 5 stars

    def without(key):
        by = stars.groupby(rows[key])
        count = by.transform("count") - 1
        return (by.transform("sum") - stars) / count.where(count > 0), count

    rows["user.rating_mean"], rows["user.ratings"] = without("userID")
    rows["restaurant.rating_mean"], rows["restaurant.ratings"] = without("placeID")
    rows["known"] = rows.placeID.isin(offered.index)
    rows["favourite_match"] = [float(bool(offered.get(p, set()) & named.get(u, set()))) for p, u in zip(rows.placeID, rows.userID)]
    rows["distance_km"] = kilometres(rows)
    return rows.rename(columns={"userID": "user"})


def kilometres(rows: pd.DataFrame) -> np.ndarray:
    a, b, c, d = (np.radians(rows[name].to_numpy()) for name in ("latitude", "longitude", "latitude_user", "longitude_user"))
    half = np.sin((c - a) / 2) ** 2 + np.cos(a) * np.cos(c) * np.sin((d - b) / 2) ** 2
    return 2 * 6371 * np.arcsin(np.sqrt(half))


def vectors(rows: pd.DataFrame, features: list[str]) -> np.ndarray:
    return np.stack([rows[name] if name in rows else np.full(len(rows), np.nan) for name in features], 1).astype(np.float32)


def taste(rows: pd.DataFrame) -> dict[str, float]:
    """Mean rating where the restaurant offers a cuisine that the user names, and where not; of restaurants whose cuisine is known."""
    known = rows[rows.known]
    yes, no = (known.rating[known.favourite_match == match] for match in (1, 0))
    error = np.sqrt(yes.var() / len(yes) + no.var() / len(no))
    return {"matches": len(yes), "mean of matches": yes.mean(), "others": len(no), "mean of others": no.mean(), "standard error of the difference": error}
