using System.Reflection;
using Grid.Infra.Tests.Manifests;

namespace Grid.Infra.Tests.Rules;

/// <summary>Every rule by its name: a public method of a class of this folder that takes an overlay and tells its faults.</summary>
internal static class Rule
{
    public static IReadOnlyDictionary<string, Func<Overlay, IEnumerable<string>>> All { get; } =
        new[] { typeof(SecurityRules), typeof(PortRules), typeof(NetworkRules), typeof(RolloutRules), typeof(ReferenceRules) }
            .SelectMany(rules => rules.GetMethods(BindingFlags.Public | BindingFlags.Static))
            .ToDictionary(rule => rule.Name, rule => rule.CreateDelegate<Func<Overlay, IEnumerable<string>>>(), StringComparer.Ordinal);
}
