"""The model card of `rank.onnx`: what was trained, on what, how well it does, and where it ends."""


def table(ways, first, hits=True):
    head = [f"| {first} | NDCG@10 |" + (" hit rate@5 |" if hits else ""), "|---|---:|" + ("---:|" if hits else "")]
    line = lambda name, f: f"| {name} | {f['NDCG@10']:.3f} |" + (f" {f['hit rate@5']:.3f} |" if hits else "")
    return "\n".join(head + [line(f"**{name}**" if name == "this model" else name, f) for name, f in ways.items()])


def real_part(taste, ratings):
    if ratings is None:
        return "The real ratings were not there when this was written; the script says what it would have done with them."
    users = next(iter(ratings.values()))["searches"]
    return f"""Trained on: nothing real. Checked against the UCI restaurant and consumer data (real ratings 0 to 2, no times, no orders):

- Restaurants that offer a cuisine which the user names got {taste['mean of matches']:.2f} of 2 on average ({taste['matches']:,} ratings), others
  {taste['mean of others']:.2f} ({taste['others']:,}); the difference has a standard error of {taste['standard error of the difference']:.2f}. So the direction of the feature is {'what it is in the real data' if taste['mean of matches'] > taste['mean of others'] else 'not that of the real data'}; how strong it is in the simulated city was made up.
- The restaurants that each of {users} users rated, put in order by what the data has of the vector (favourite cuisine, distance, ratings by the
  others; the rest missing), gain the rating given:

{table(ratings, "order", hits=False)}

Users rated few restaurants, so even chance gains most of what there is. What the model knows of a city that was made up helps there as the table says, and no more than that."""


def card(features, packages, settings, sizes, city, removed, calibration, taste, ratings, agreement):
    vector = "\n".join(f"{i}. `{feature}`" for i, feature in enumerate(features))
    calibrated = "\n".join(f"| {said:.4f} | {was:.4f} | {count:,} |" for said, was, count in calibration)
    said = ", ".join(f"{name} {value}" for name, value in settings.items())
    return f"""# Which restaurant: `rank.onnx`

The chance that a restaurant, shown to this user at this moment among others, is the one that is ordered from. Written by
`bundles/eats/training/train_rank.py`; edit that, not this.

**The city that it was trained on is made up.** How its users choose was written down by us (`client/Grid.Simulation/Eats/CitySessions.cs`), so the
figures say that the features carry what they should and that the model finds it, not how well it would do for an app. Train it again on your own searches.

## What it is
- scikit-learn `HistGradientBoostingClassifier` ({said}), one row a restaurant shown.
- Graph: `TreeEnsembleRegressor`, `Sigmoid`; opset ai.onnx 13, ai.onnx.ml 1. Input `x`: float32 [N, {len(features)}], NaN where missing. Output `p`:
  float32 [N, 1].
- Made with {packages}.

## On what it was trained
`grid simulate eats --days 42 --seed 1`: 200 restaurants, 2,000 users, 45 couriers, searches that show 20 open restaurants at most in a random order. Days 22 to 35:
{sizes['searches']:,} searches, {sizes['rows']:,} rows, {sizes['orders']:,} orders. Every feature was computed by the grid in a replay of the city's events, as it was known at the
search; only the favourite cuisine, which is a batch feature when served, was read from the stream as of a day before.

## The vector, in order
{vector}

## Figures, of the simulated city
Days 36 to 42, trained on none of them: {sizes['test searches']:,} searches, {sizes['test rows']:,} rows, {sizes['test orders']:,} orders. Each search that was followed by an order counts; the restaurant
ordered from is the gain.

{table(city, "order")}

Trained again without some of the features:

{table(removed, "model")}

Said and seen, in fifths of the rows:

| mean of what it says | ordered from | rows |
|---:|---:|---:|
{calibrated}

## What is real
{real_part(taste, ratings)}

## Limits
- Simulated users have no habits with single restaurants, no weekdays, no seasons, and see no pictures. Real ones do.
- Restaurants were shown at random. On logs of an app whose order is its own, what was shown first is chosen more often: that must be allowed for.
- A favourite cuisine that is not loaded reads as no match, as of a user who has none.

## Again
`training/rank.md` has the commands; the same packages give the same bytes. The file was compared with the trained model on every row of the last week: the largest
difference is {agreement:.1e}.
"""
