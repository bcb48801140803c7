"""The model card of `eta.onnx`: what was trained, on what, how well it does, and where it ends."""


def table(sets):
    """`sets`: title to the figures of one set of rows; a column each."""
    names = list(next(iter(sets.values())))
    head = [f"| | {' | '.join(sets)} |", "|---|" + "---:|" * len(sets)]
    form = lambda name, v: f"{v:,}" if name == "rows" else f"{v:.1f}"
    return "\n".join(head + [f"| {n} | {' | '.join(form(n, s[n]) for s in sets.values())} |" for n in names])


def card(features, packages, learnt, median, inside, outcome, drill, agreement):
    vector = "\n".join(f"{i}. `{feature}`" for i, feature in enumerate(features))
    validated = table({f"days {days}, {how}": v for days, two in inside.items() for how, v in two.items()})
    return f"""# Arrival times: `eta.onnx`

When will an order that is placed now arrive? Three quantiles of the seconds. Written by `bundles/eats/training/train_eta.py`; edit that, not this.

## What it is
- scikit-learn `HistGradientBoostingRegressor`, quantile loss, one ensemble each for p20, p50 and p80: 200 trees of at most 6 leaves, learning
  rate 0.03, at least 30 orders in a leaf, on the logarithm of the seconds.
- Graph: `TreeEnsembleRegressor` (three targets), `TopK` (rising order), `Exp`; opset ai.onnx 13, ai.onnx.ml 1. Input `x`: float32
  [N, {len(features)}], NaN where missing. Output `eta_s`: float32 [N, 3], seconds: p20, p50, p80.
- Made with {packages}.

## On what it was trained
{learnt:,} ASAP orders that took under 3 hours, of days 1 to 16 of one month of real deliveries, San Francisco bay area (the few placed in the evening
before day 1 are among them). Every feature is as it was known when the order was placed.

## The vector, in order
{vector}

## Figures
Days 17 to 23, the same kind of orders, none of them trained on. A constant, the median of the train days, errs by {median:.1f} s.

{table(outcome)}

Calibrated live means: multiplied by what the area's deliveries of the last two days, known at the placing, say (`training/README.md`).

Within the train days, trained on the days before. Features, settings and the calibration's window were chosen on these:

{validated}

## What calibration is for
Were everything to take 1.25 times as long from day 17 on, and no feature to tell:

{table(drill)}

## Limits
- Scheduled orders (`is_asap` false) and orders of 3 hours and more were not trained on. They get an answer; it means nothing.
- One month and three areas: no season, no holiday, hardly a weekday. On the worst day (21) the range covers clearly less.
- No distances: the data has none. What a restaurant's and a user's last legs took stands in for them.

## Again
    bundles/eats/training/train_eta.py OUT.csv

with what the replay wrote gives the same bytes. The file was compared with the trained model on every order: the
largest relative difference is {agreement:.1e}.
"""
