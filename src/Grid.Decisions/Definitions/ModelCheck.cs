using Grid.Features.Definitions;
using Grid.Models;

namespace Grid.Decisions.Definitions;

/// <summary>Loads each model and checks it against the vectors that it scores; a mismatch is reported where the model is defined.</summary>
internal sealed class ModelCheck(DiagnosticList faults)
{
    private readonly List<(string Decision, IReadOnlyList<string> Vector)> _views = [];
    private readonly HashSet<ModelDefinition> _checked = [];
    private readonly Dictionary<ModelDefinition, int> _widths = [];

    /// <summary>Checks the model that scores a decision.</summary>
    public void Check(ModelDefinition model, string decision, IReadOnlyList<string> vector)
    {
        _views.Add((decision, vector));
        _checked.Add(model);
        Tell(model, $"For the decision '{decision}'", vector);
    }

    /// <summary>Checks the fallback model of a decision.</summary>
    public void CheckFallback(ModelDefinition model, string decision, IReadOnlyList<string> vector)
    {
        _checked.Add(model);
        Tell(model, $"For fallback_model of the decision '{decision}'", vector);
    }

    /// <summary>Checks models that no decision uses: each must fit some decision, so that it can replace another model.</summary>
    public void CheckSpare(IEnumerable<ModelDefinition> models)
    {
        foreach (var spare in models.Where(model => !_checked.Contains(model)))
        {
            var misfits = _views.Select(view => Misfit(spare, $"For the decision '{view.Decision}'", view.Vector)).ToList();
            if (misfits is [{ } first, ..] && misfits.All(misfit => misfit is not null))
            {
                faults.Add(spare.At, first);
            }
        }
    }

    private void Tell(ModelDefinition model, string what, IReadOnlyList<string> vector)
    {
        if (Misfit(model, what, vector) is { } misfit)
        {
            faults.Add(model.At, misfit);
        }
        else if (_widths.TryGetValue(model, out var width) && width != vector.Count)
        {
            faults.Add(model.At, $"{what} it is fed {vector.Count} features, elsewhere {width}; expected a model of its own for each, under another name.");
        }

        _widths[model] = vector.Count;
    }

    private static string? Misfit(ModelDefinition model, string what, IReadOnlyList<string> vector)
    {
        if (model.Plan is not { } plan)
        {
            return null;
        }

        try
        {
            ModelCatalog.Check(new(plan.Name, plan.File, plan.Input, plan.Score, vector.Count, vector, Scores: plan.Scores));
            return null;
        }
        catch (ModelException misfit)
        {
            return $"{what}: {misfit.Message}";
        }
    }
}
