using Grid.Features.Definitions.Yaml;

namespace Grid.Features.Definitions;

/// <summary>Collects the diagnostics of a bundle, so that all are reported at once.</summary>
internal sealed class DiagnosticList
{
    private readonly HashSet<Diagnostic> _faults = [];

    public bool IsEmpty => _faults.Count == 0;

    /// <summary>Sorted by file, line and column.</summary>
    public IReadOnlyList<Diagnostic> Ordered =>
    [
        .. _faults.OrderBy(fault => fault.File, StringComparer.Ordinal).ThenBy(fault => fault.Line).ThenBy(fault => fault.Column)
            .ThenBy(fault => fault.Name, StringComparer.Ordinal).ThenBy(fault => fault.Message, StringComparer.Ordinal),
    ];

    public void Add(YamlValue at, string message) => Add(at.Mark, at.Path, message);

    public void Add(YamlMark mark, string name, string message) => _faults.Add(new(mark.File, mark.Line, mark.Column, name, message));
}
