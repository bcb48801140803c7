"""The quantile model: one ensemble of trees per quantile, of the logarithm of the seconds."""
import numpy as np
from sklearn.ensemble import HistGradientBoostingRegressor

QUANTILES = (0.2, 0.5, 0.8)
SETTINGS = dict(
    max_iter=200, learning_rate=0.03, max_leaf_nodes=6, min_samples_leaf=30, l2_regularization=5, early_stopping=False, random_state=0)


def fit(x, seconds):
    """Three fitted ensembles, of p20, p50 and p80."""
    return [
        HistGradientBoostingRegressor(loss="quantile", quantile=q, **SETTINGS).fit(x, np.log(seconds)) for q in QUANTILES]


def predict(ensembles, x):
    """Seconds, [N, 3], never falling along a row: where trees cross, the row is sorted."""
    return np.exp(np.sort(np.stack([ensemble.predict(x) for ensemble in ensembles], 1), 1))


def pinball(actual, predicted, q):
    """The quantile's own loss, mean over rows, in seconds."""
    error = actual - predicted
    return float(np.maximum(q * error, (q - 1) * error).mean())


def figures(actual, predicted):
    """What is told of a set of rows: `predicted` is [N, 3]."""
    low, middle, high = predicted.T
    return {
        "rows": len(actual),
        "mean absolute error of p50, s": float(np.abs(actual - middle).mean()),
        "covered by p20 to p80, %": float(100 * ((actual >= low) & (actual <= high)).mean()),
        "below p20, %": float(100 * (actual < low).mean()),
        "above p80, %": float(100 * (actual > high).mean()),
        "mean width, s": float((high - low).mean()),
        "pinball p20, s": pinball(actual, low, QUANTILES[0]),
        "pinball p80, s": pinball(actual, high, QUANTILES[2]),
    }
