using Grid.Features.Definitions;

namespace Grid.Decisions.Definitions;

/// <summary>A bundle is invalid. Contains all diagnostics; no part of the bundle can be served.</summary>
public sealed class BundleException : Exception
{
    /// <param name="folder">The bundle's folder.</param>
    /// <param name="faults">The diagnostics, ordered by file and line; at least one.</param>
    public BundleException(string folder, IReadOnlyList<Diagnostic> faults)
        : base(MessageOf(folder, faults)) => Diagnostics = faults;

    /// <summary>The diagnostics, ordered by file and line.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; }

    private static string MessageOf(string folder, IReadOnlyList<Diagnostic> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        var count = faults.Count == 1 ? "a fault" : $"{faults.Count} faults";
        return string.Join('\n', faults.Select(fault => fault.ToString()).Prepend($"The bundle in '{folder}' has {count}:"));
    }
}
