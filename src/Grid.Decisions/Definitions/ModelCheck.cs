using Grid.Features.Definitions;
using Grid.Models;

namespace Grid.Decisions.Definitions;

/// <summary>Loads each model and checks it against the vector that it is to score; a misfit is told where the model is defined.</summary>
internal sealed class ModelCheck(FaultList faults)
{
    private readonly List<(string Decision, IReadOnlyList<string> Vector)> _views = [];
    private readonly HashSet<ModelDefinition> _checked = [];

    /// <summary>A decision is scored by a model.</summary>
    public void Check(ModelDefinition model, string decision, IReadOnlyList<string> vector)
    {
        _views.Add((decision, vector));
        _checked.Add(model);
        if (Misfit(model, decision, vector) is { } misfit)
        {
            faults.Add(model.At, misfit);
        }
    }

    /// <summary>Models that no decision names stand ready to replace another: each must fit some decision.</summary>
    public void CheckSpare(IEnumerable<ModelDefinition> models)
    {
        foreach (var spare in models.Where(model => !_checked.Contains(model)))
        {
            var misfits = _views.Select(view => Misfit(spare, view.Decision, view.Vector)).ToList();
            if (misfits is [{ } first, ..] && misfits.All(misfit => misfit is not null))
            {
                faults.Add(spare.At, first);
            }
        }
    }

    private static string? Misfit(ModelDefinition model, string decision, IReadOnlyList<string> vector)
    {
        if (model.Plan is not { } plan)
        {
            return null;
        }

        try
        {
            // A catalog of its own: the same model may be looked at with several vectors.
            using var catalog = new ModelCatalog();
            catalog.Publish(new(plan.Name, plan.File, plan.Input, plan.Score, vector.Count, vector, Scores: plan.Scores));
            return null;
        }
        catch (ModelException misfit)
        {
            return $"For the decision '{decision}': {misfit.Message}";
        }
    }
}
