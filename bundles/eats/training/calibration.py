"""Live calibration: what the bundle's expressions say, plainly, for one order after another.

Of every delivery that counts, the ratio actual / predicted is known from the moment it is delivered, for each quantile.
A new order of the area takes, for p20, the 0.2 quantile (nearest rank) of the p20 ratios delivered in the area in the
last two days, and multiplies; the same for p50 and p80. With fewer than 50 such deliveries the model's answer stands.
"""
import math

import numpy as np

from quantiles import QUANTILES

WINDOW_S = 2 * 86_400
LEAST = 50
LOWEST, HIGHEST = 0.5, 2.0


def nearest_rank(values, q):
    """The least value with at least a share q of all values at or below it."""
    ordered = np.sort(values)
    return ordered[max(0, math.ceil(q * len(ordered) - 1e-9) - 1)]


def factors(rows, predicted):
    """[N, 3]: by what each order's three answers are multiplied, from what was delivered by the moment it was placed."""
    result = np.ones((len(rows), len(QUANTILES)))
    ratio = rows.actual_s.to_numpy()[:, None] / predicted
    placed, delivered = rows.placed.to_numpy(), rows.delivered.to_numpy()
    for _, places in rows.groupby("area").indices.items():
        told = places[rows.counts.to_numpy()[places]]
        told = told[np.argsort(delivered[told], kind="stable")]
        ends = np.searchsorted(delivered[told], placed[places], "right")
        begins = np.searchsorted(delivered[told], placed[places] - WINDOW_S, "right")
        for order, begin, end in zip(places, begins, ends):
            if end - begin >= LEAST:
                known = ratio[told[begin:end]]
                result[order] = [np.clip(nearest_rank(known[:, i], q), LOWEST, HIGHEST) for i, q in enumerate(QUANTILES)]
    return result


def calibrate(rows, predicted):
    """Seconds, [N, 3], sorted along a row."""
    return np.sort(predicted * factors(rows, predicted), 1)
