"""The Handbook's chapter 3 experiment: its rows, its features, its rule for the test week and its three metrics.

Le Borgne, Siblini, Lebichot, Bontempi, "Reproducible Machine Learning for Credit Card Fraud Detection", 2022,
chapter 3 (baseline) and chapter 4 (metrics). Written from the book's description; no code of it is used.
"""
from pathlib import Path

import pandas as pd
from sklearn.metrics import average_precision_score, roc_auc_score

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT.parent / "shared" / "data" / "fraud"

# The vector of the decision `authorize`, in order, with the published column that each feature must equal.
FEATURES = {
    "amount": "TX_AMOUNT",
    "is_weekend": "TX_DURING_WEEKEND",
    "is_night": "TX_DURING_NIGHT",
    "card.tx_count_1d": "CUSTOMER_ID_NB_TX_1DAY_WINDOW",
    "card.amount_mean_1d": "CUSTOMER_ID_AVG_AMOUNT_1DAY_WINDOW",
    "card.tx_count_7d": "CUSTOMER_ID_NB_TX_7DAY_WINDOW",
    "card.amount_mean_7d": "CUSTOMER_ID_AVG_AMOUNT_7DAY_WINDOW",
    "card.tx_count_30d": "CUSTOMER_ID_NB_TX_30DAY_WINDOW",
    "card.amount_mean_30d": "CUSTOMER_ID_AVG_AMOUNT_30DAY_WINDOW",
    "terminal.tx_count_1d": "TERMINAL_ID_NB_TX_1DAY_WINDOW",
    "terminal.risk_1d": "TERMINAL_ID_RISK_1DAY_WINDOW",
    "terminal.tx_count_7d": "TERMINAL_ID_NB_TX_7DAY_WINDOW",
    "terminal.risk_7d": "TERMINAL_ID_RISK_7DAY_WINDOW",
    "terminal.tx_count_30d": "TERMINAL_ID_NB_TX_30DAY_WINDOW",
    "terminal.risk_30d": "TERMINAL_ID_RISK_30DAY_WINDOW",
}

TRAIN_FIRST = 115  # 2018-07-25, in days since 2018-04-01 (TX_TIME_DAYS)
TRAIN_DAYS = 7
DELAY_DAYS = 7
TEST_DAYS = 7
TEST_FIRST = TRAIN_FIRST + TRAIN_DAYS + DELAY_DAYS  # 2018-08-08
TOP = 100


def train_week(rows: pd.DataFrame) -> pd.DataFrame:
    days = rows.TX_TIME_DAYS
    return rows[(days >= TRAIN_FIRST) & (days < TRAIN_FIRST + TRAIN_DAYS)]


def test_week(rows: pd.DataFrame) -> pd.DataFrame:
    """The test week without the cards that were known to be compromised before each of its days.

    Known on a test day are the frauds of the train week and those of the delay's days whose labels are in by then:
    for the first test day none, for each later day one day more.
    """
    known = set(train_week(rows).loc[lambda r: r.TX_FRAUD == 1, "CUSTOMER_ID"])
    kept = []
    for day in range(TEST_DAYS):
        told = rows[(rows.TX_TIME_DAYS == TRAIN_FIRST + TRAIN_DAYS + day - 1) & (rows.TX_FRAUD == 1)]
        known |= set(told.CUSTOMER_ID)
        today = rows[rows.TX_TIME_DAYS == TEST_FIRST + day]
        kept.append(today[~today.CUSTOMER_ID.isin(known)])
    return pd.concat(kept)


def card_precision(rows: pd.DataFrame, scores, top: int = TOP) -> float:
    """The mean over days of (compromised cards among the `top` highest scored cards of the day) / `top`.

    A card's score is its highest of the day. A card that was found on one day is not looked at on a later one.
    Equal scores are taken in the order of the card's number, so that the figure has one value.
    """
    found: set = set()
    days = []
    table = pd.DataFrame({"day": rows.TX_TIME_DAYS, "card": rows.CUSTOMER_ID, "fraud": rows.TX_FRAUD, "score": scores})
    for _, today in table.groupby("day"):
        cards = today[~today.card.isin(found)].groupby("card").max().reset_index()
        first = cards.sort_values(["score", "card"], ascending=[False, True]).head(top)
        caught = set(first.loc[first.fraud == 1, "card"])
        found |= caught
        days.append(len(caught) / top)
    return sum(days) / len(days)


def metrics(rows: pd.DataFrame, scores) -> dict:
    return {
        "AUC ROC": roc_auc_score(rows.TX_FRAUD, scores),
        "average precision": average_precision_score(rows.TX_FRAUD, scores),
        f"card precision@{TOP}": card_precision(rows, scores),
    }
