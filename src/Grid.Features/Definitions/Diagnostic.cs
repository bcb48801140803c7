namespace Grid.Features.Definitions;

/// <summary>A mistake in a bundle: its location, what it concerns, and what is expected.</summary>
/// <param name="File">The file, relative to the bundle's folder; the folder itself if no file applies.</param>
/// <param name="Line">Counted from 1; 0 if no line applies.</param>
/// <param name="Column">Counted from 1, in characters; 0 if no line applies.</param>
/// <param name="Name">The path of the definition, such as <c>entities.card.tx_count_1d.window</c>.</param>
/// <param name="Message">What was found and what is expected, in one or two sentences.</param>
public sealed record Diagnostic(string File, int Line, int Column, string Name, string Message)
{
    /// <summary>The diagnostic in one line: <c>bundle.yaml(12,5): entities.card.tx: …</c>.</summary>
    public override string ToString()
    {
        var place = Line == 0 ? File : $"{File}({Line},{Column})";
        return Name.Length == 0 ? $"{place}: {Message}" : $"{place}: {Name}: {Message}";
    }
}
