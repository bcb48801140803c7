using Grid.Features.Definitions;
using Grid.Features.Definitions.Yaml;
using Grid.Features.Naming;

namespace Grid.Decisions.Definitions;

/// <summary>Validates the overrides of a bundle.</summary>
internal sealed class OverrideReader(BundleOverrides overrides, DiagnosticList faults)
{
    private static readonly YamlMark Outside = new("overrides", 0, 0);

    /// <summary>By decision name: the model that overrides its own.</summary>
    public IReadOnlyDictionary<string, ModelDefinition> Read(
        IReadOnlyList<string> decisions, IReadOnlyDictionary<string, ModelDefinition> models)
    {
        var instead = new Dictionary<string, ModelDefinition>(StringComparer.Ordinal);
        foreach (var (decision, model) in overrides.Models)
        {
            var path = $"models.{YamlText.Plain(decision)}";
            if (!decisions.Contains(decision))
            {
                faults.Add(Outside, path, $"There is no decision {YamlText.Quote(decision)}.{NearNames.Hint(decision, decisions)}");
            }

            if (models.TryGetValue(model, out var found))
            {
                instead[decision] = found;
            }
            else
            {
                faults.Add(Outside, path, $"There is no model {YamlText.Quote(model)} under 'models'.{NearNames.Hint(model, models.Keys)}");
            }
        }

        return instead;
    }
}
