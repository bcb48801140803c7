using Grid.Models;

namespace Grid.Decisions;

/// <summary>Publishes a bundle's models.</summary>
internal static class BundleModels
{
    /// <returns>The slot of each decision's model, by the decision's place.</returns>
    public static ModelSlot[] Publish(Bundle bundle, ModelCatalog catalog)
    {
        var slots = new ModelSlot[bundle.Decisions.Count];
        foreach (var decision in bundle.Decisions)
        {
            var model = decision.Model;
            slots[decision.Ordinal] = catalog.TryGet(model.Name, out var there) ? there : catalog.Publish(new(
                model.Name,
                model.File,
                model.Input,
                model.Score,
                decision.Vector.Count,
                [.. decision.Vector.Select(entry => entry.Name)],
                Scores: model.Scores));
        }

        return slots;
    }
}
