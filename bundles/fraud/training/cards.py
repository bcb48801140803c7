"""The model cards: what was trained, on what, how well it does, and where it ends."""

ABOUT = {
    "logistic": (
        "Logistic regression",
        "scikit-learn `LogisticRegression` with its defaults (L2, C = 1, lbfgs) on features scaled to mean 0 and\n"
        "  standard deviation 1. The scaling is folded into the weights: the file takes raw features.",
        "`Gemm`, `Sigmoid`",
        "It adds up effects: it cannot see that an amount is unusual *for this card*, because it knows the amount and\n"
        "  the card's means only as a weighted sum.",
    ),
    "trees": (
        "Gradient-boosted trees",
        "XGBoost `XGBClassifier` with the book's chapter 3 settings, which are its defaults: 100 trees, depth 6,\n"
        "  learning rate 0.3, exact splits. Trees need no scaling: raw features.",
        "`TreeEnsembleRegressor` (sum of leaves), `Sigmoid`",
        "Some 600 frauds are few for 100 trees of depth 6: they fit the train week closely, and shallower, slower ones (the\n"
        "  book's chapter 5) do better on the test week. These are the chapter 3 settings so that the figures can be compared.",
    ),
}


def card(name, features, versions, sizes, offline, chosen, unseen, test, bands, agreement):
    title, method, operators, limit = ABOUT[name]
    percent = lambda v: f"{100 * v:.2f} %"
    rows = lambda pairs: "\n".join(f"| {' | '.join(pair)} |" for pair in pairs)
    figures = rows((k, f"{v:.4f}") for k, v in offline.items())
    effects = rows((k, percent(unseen[k]), percent(test[k])) for k in unseen)
    levels = rows((f"{low:g} to {high:g}", f"{n:,}", f"{mean:.4f}", f"{share:.4f}") for low, high, n, mean, share in bands)
    vector = "\n".join(f"{i}. `{feature}`" for i, feature in enumerate(features))
    return f"""# {title}: `{name}.onnx`

Scores one card payment: the probability that it is fraud. Written by `bundles/fraud/training/train.py`; edit that, not this.

## What it is
- {method}
- Graph: {operators}; opset ai.onnx 13, ai.onnx.ml 1. Input `x`: float32 [N, {len(features)}]. Output `p`: float32 [N, 1], in [0, 1].
- Made with {versions}.

## On what it was trained
- Simulated card payments published with the Fraud Detection Handbook (Le Borgne, Siblini, Lebichot, Bontempi, 2022):
  no real person is in them.
- Train week 2018-07-25 to 2018-07-31: {sizes['train']:,} payments, {sizes['train frauds']:,} of them fraud ({percent(sizes['train frauds'] / sizes['train'])}). Labels come 7 days after the payment.
- The terminal's features end 7 days before the payment, so nothing is used before it is known.

## The vector, in order
{vector}

## Offline metrics
The book's chapter 3 protocol: test week 2018-08-08 to 2018-08-14, 7 days after the train week; cards known to be
compromised before a test day are taken out of it ({sizes['test']:,} payments and {sizes['test frauds']:,} frauds are left). Scores are the ONNX file's own.

| metric | value |
|---|---:|
{figures}

## Thresholds for the policy
Chosen on the train week, each row scored by a model that had not seen its card (5 folds of whole cards): **decline** from
{chosen['decline']:g} (the lowest threshold from which on at least 90 % of the declined are fraud), **review** from {chosen['review']:g}
(about 1 % of all payments). What they do:

| share | unseen cards, train week | test week |
|---|---:|---:|
{effects}

The test week has no part in the choice. It is the harder one: the cards that were known already are taken out.

## Is the score a probability?
Unseen cards of the train week, by band of score:

| score | payments | mean score | share of fraud |
|---|---:|---:|---:|
{levels}

## Limits
- {limit}
- Terminal features are delayed by 7 days: a terminal compromised this week is caught by its amounts or not at all.
- The simulator's fraud has three fixed shapes and its means do not drift. Figures on real payments will be lower, and
  thresholds must be chosen again.
- It was trained without missing values. The policy, not the model, should answer where a feature is missing.

## Again
    bundles/fraud/training/train.py

writes this model, its card and the probe rows again, to the same bytes. The file was compared with the trained model
itself on every row of both weeks: the largest difference is {agreement:.1e}.
"""
