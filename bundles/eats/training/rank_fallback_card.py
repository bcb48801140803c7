"""The model card of `rank_fallback.onnx`: what scores a restaurant of which something has come too late."""


def table(ways):
    def line(name, f):
        loss = f"{f['log loss']:.1f}" if "log loss" in f else ""
        return f"| {f'**{name}**' if name == 'this model' else name} | {f['NDCG@10']:.3f} | {f['hit rate@5']:.3f} | {loss} |"
    return "\n".join(["| order | NDCG@10 | hit rate@5 | log loss, a thousand rows |", "|---|---:|---:|---:|"] + [line(name, f) for name, f in ways.items()])


def card(features, packages, settings, sizes, ways, agreement):
    vector = "\n".join(f"{i}. `{feature}`" for i, feature in enumerate(features))
    said = ", ".join(f"{name} {value}" for name, value in settings.items())
    return f"""# Which restaurant, where it does not answer: `rank_fallback.onnx`

The chance that [`rank.onnx`](rank.md) says, from the user and the request alone: it scores the candidates of which something has come too late and nothing is
known (`fallback_model` in `rank.yaml`). Written by `bundles/eats/training/train_rank.py`; edit that, not this.

**The city that it was trained on is made up**; what `rank.md` says of that holds here.

## What it is
- scikit-learn `HistGradientBoostingClassifier` ({said}), one row a restaurant shown.
- Graph: `TreeEnsembleRegressor`, `Sigmoid`; opset ai.onnx 13, ai.onnx.ml 1. Input `x`: float32 [N, {len(features)}], NaN where missing. Output `p`:
  float32 [N, 1].
- Made with {packages}.

## On what it was trained
The rows of `rank.onnx`, {sizes['searches']:,} searches with {sizes['rows']:,} rows, without what is read of restaurants and areas. Its scores are chances as those of `rank` are,
so candidates that the two models scored may stand in one order.

## The vector, in order
{vector}

## Figures, of the simulated city
Days 36 to 42, trained on none of them: {sizes['test searches']:,} searches, {sizes['test orders']:,} orders, as if no restaurant and no area had answered.

{table(ways)}

It orders no better than `rank` does with missing values in place of what is late, which was trained on hardly any; the log loss says which of the two still gives chances, as
is needed where only some of the candidates are late.

## Limits
- It knows nothing of a restaurant but its distance and whether its cuisine is the one that is wanted.
- A restaurant that is closed is hidden by the policy only where it says so in time.

## Again
With `rank.onnx`: `training/rank.md` has the commands. The file was compared with the trained model on every row of the last week: the largest
difference is {agreement:.1e}.
"""
