"""Score thresholds for the policy, chosen on the train week alone: the test week is not looked at.

Every row is scored by a model that has not seen its card (five folds of whole cards), and on these scores
`decline` is the lowest threshold from which on precision is at least 0.9, and `review` the threshold above which
one transaction in a hundred is left for review.
"""
import numpy as np
from sklearn.model_selection import StratifiedGroupKFold

FOLDS = 5
DECLINE_PRECISION = 0.9
REVIEW_SHARE = 0.01


def unseen_scores(fit, x, fraud, cards):
    """`fit(x, fraud)` answers a function from rows to probabilities."""
    scores = np.empty(len(x))
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=0)
    for learn, rest in folds.split(x, fraud, cards):
        scores[rest] = fit(x[learn], fraud[learn])(x[rest])
    return scores


def choose(scores, fraud):
    """The two thresholds, to two decimals (three below 0.1): finer ones would say more than the data does."""
    grid = np.concatenate([np.arange(1, 100) / 1000, np.arange(10, 100) / 100])
    precision = np.array([fraud[scores >= t].mean() if (scores >= t).any() else 1.0 for t in grid])
    holds = np.logical_and.accumulate((precision >= DECLINE_PRECISION)[::-1])[::-1]
    decline = float(grid[holds][0]) if holds.any() else 1.0
    reviewed = np.array([((scores >= t) & (scores < decline)).mean() for t in grid])
    review = float(grid[np.argmin(np.abs(reviewed - REVIEW_SHARE))])
    return {"decline": decline, "review": review}


def effect(scores, fraud, chosen):
    """What the thresholds would do to these rows."""
    declined = scores >= chosen["decline"]
    reviewed = (scores >= chosen["review"]) & ~declined
    share = lambda part: float(part.mean()) if len(part) else float("nan")
    return {
        "declined": share(declined),
        "fraud among declined": share(fraud[declined]),
        "reviewed": share(reviewed),
        "fraud among reviewed": share(fraud[reviewed]),
        "frauds declined": share(declined[fraud == 1]),
        "frauds declined or reviewed": share((declined | reviewed)[fraud == 1]),
    }


def calibration(scores, fraud, edges=(0, 0.001, 0.01, 0.1, 0.5, 0.9, 1)):
    """By band of score: how many, the mean score, and the share that was fraud. The two should be near each other."""
    for low, high in zip(edges, edges[1:]):
        inside = (scores >= low) & ((scores < high) | (high == 1))
        if inside.any():
            yield low, high, int(inside.sum()), float(scores[inside].mean()), float(fraud[inside].mean())
