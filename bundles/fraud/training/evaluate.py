#!/usr/bin/python3
"""The three metrics of the Handbook's test week, of the decisions that `grid replay --out` wrote.

    evaluate.py DECISIONS.csv[.gz] [--truth TRANSACTIONS.csv.gz]
"""
import argparse
import sys
from pathlib import Path

import pandas as pd

import handbook


def evaluate(decisions: Path, truth: Path) -> dict:
    header = pd.read_csv(decisions, nrows=0).columns
    event = header[0]
    scored = pd.read_csv(decisions, usecols=[event, "score", "action"], dtype={event: "int64"}).set_index(event)
    if not scored.index.is_unique:
        raise SystemExit(f"{decisions}: an event id occurs twice in column {event!r}")
    rows = pd.read_csv(truth, usecols=["TRANSACTION_ID", "CUSTOMER_ID", "TX_TIME_DAYS", "TX_FRAUD"])
    rows = handbook.test_week(rows)
    rows = rows.join(scored, on="TRANSACTION_ID")
    missing = rows[rows.score.isna()]
    if len(missing):
        first = missing.TRANSACTION_ID.iloc[0]
        raise SystemExit(f"{decisions}: {len(missing)} of {len(rows)} test rows have no score, first TRANSACTION_ID {first}")
    table = rows.groupby("action").TX_FRAUD.agg(["size", "sum"])
    actions = {action: f"{row['size']} ({row['sum']} of them fraud)" for action, row in table.iterrows()}
    return {"rows": len(rows), "frauds": int(rows.TX_FRAUD.sum()), **handbook.metrics(rows, rows.score), **actions}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("decisions", type=Path)
    parser.add_argument("--truth", type=Path, default=handbook.DATA / "transactions.csv.gz")
    arguments = parser.parse_args()
    for name, value in evaluate(arguments.decisions, arguments.truth).items():
        print(f"{name:20} {value:.4f}" if isinstance(value, float) else f"{name:20} {value}")


if __name__ == "__main__":
    sys.exit(main())
