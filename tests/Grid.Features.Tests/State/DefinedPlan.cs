using Grid.Features.Definitions;
using Grid.Features.Definitions.Yaml;
using Grid.Features.Plans;

namespace Grid.Features.Tests.State;

/// <summary>Plans made of YAML, as bundles write them.</summary>
internal static class DefinedPlan
{
    public static DefinitionPlan Of(string yaml)
    {
        var faults = new DiagnosticList();
        var plan = Read(yaml, faults);
        Assert.True(faults.IsEmpty, string.Join('\n', faults.Ordered));
        return plan;
    }

    /// <summary>What is told of a text that is at fault.</summary>
    public static IReadOnlyList<string> FaultsOf(string yaml)
    {
        var faults = new DiagnosticList();
        Read(yaml, faults);
        return [.. faults.Ordered.Select(fault => fault.ToString())];
    }

    private static DefinitionPlan Read(string yaml, DiagnosticList faults)
    {
        var map = YamlReader.Read(yaml, "a.yaml", faults);
        return DefinitionReader.Read(new(map!, faults), [], faults).ToPlan();
    }
}
