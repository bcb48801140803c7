using Grid.Decisions.Plans;
using Grid.Models;

namespace Grid.Decisions.Hosting;

/// <summary>Publishes a bundle's models.</summary>
internal static class BundleModels
{
    /// <returns>The slot of each decision's model, by decision ordinal.</returns>
    public static ModelSlot[] Publish(Bundle bundle, ModelCatalog catalog)
    {
        var slots = new ModelSlot[bundle.Decisions.Count];
        foreach (var decision in bundle.Decisions)
        {
            slots[decision.Ordinal] = Publish(decision.Model, decision.Vector, catalog);
        }

        return slots;
    }

    /// <returns>The slot of each decision's fallback model, by decision ordinal; null if it has none.</returns>
    public static ModelSlot?[] PublishFallbacks(Bundle bundle, ModelCatalog catalog) =>
    [
        .. bundle.Decisions.Select(decision => decision.FallbackModel is { } late
            ? Publish(late.Model, [.. late.Elements.Select(element => decision.Vector[element])], catalog)
            : null),
    ];

    /// <summary>
    /// Warnings for the operator, one line per model without a finite score for a row of zeros: the model, the row and the consequence.
    /// </summary>
    public static IEnumerable<string> Warnings(IEnumerable<ModelSlot?> slots) => slots.OfType<ModelSlot>().Select(slot => slot.Current).Distinct()
        .Where(model => model.OddScoreOfZeros is not null)
        .Select(model => FormattableString.Invariant(
            $"Model '{model.Name}' version {model.Version} gives {model.OddScoreOfZeros} for a row of {model.Width} zeros; decisions on such rows take their fallback"));

    private static ModelSlot Publish(ModelPlan model, IReadOnlyList<VectorEntry> vector, ModelCatalog catalog) =>
        catalog.TryGet(model.Name, out var there) ? there : catalog.Publish(new(
            model.Name,
            model.File,
            model.Input,
            model.Score,
            vector.Count,
            [.. vector.Select(entry => entry.Name)],
            Scores: model.Scores));
}
