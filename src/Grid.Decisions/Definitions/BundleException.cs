using Grid.Features.Definitions;

namespace Grid.Decisions.Definitions;

/// <summary>A bundle is at fault. Every mistake is told at once; nothing of the bundle may be served.</summary>
public sealed class BundleException : Exception
{
    /// <param name="folder">The bundle's folder.</param>
    /// <param name="faults">Every mistake, in the order of files and lines; at least one.</param>
    public BundleException(string folder, IReadOnlyList<Diagnostic> faults)
        : base(MessageOf(folder, faults)) => Diagnostics = faults;

    /// <summary>Every mistake, in the order of files and lines.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; }

    private static string MessageOf(string folder, IReadOnlyList<Diagnostic> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        var count = faults.Count == 1 ? "a fault" : $"{faults.Count} faults";
        return string.Join('\n', faults.Select(fault => fault.ToString()).Prepend($"The bundle in '{folder}' has {count}:"));
    }
}
