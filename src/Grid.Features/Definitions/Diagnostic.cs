namespace Grid.Features.Definitions;

/// <summary>One mistake in a bundle: where it is, what it concerns, and what is expected.</summary>
/// <param name="File">The file, relative to the bundle's folder; the folder itself where no file is meant.</param>
/// <param name="Line">Counted from 1; 0 where no line is meant.</param>
/// <param name="Column">Counted from 1, in characters; 0 where no line is meant.</param>
/// <param name="Name">The path of what is concerned, such as <c>entities.card.tx_count_1d.window</c>.</param>
/// <param name="Message">What was found and what is expected, in a sentence or two.</param>
public sealed record Diagnostic(string File, int Line, int Column, string Name, string Message)
{
    /// <summary>The fault in one line: <c>bundle.yaml(12,5): entities.card.tx: …</c>.</summary>
    public override string ToString()
    {
        var place = Line == 0 ? File : $"{File}({Line},{Column})";
        return Name.Length == 0 ? $"{place}: {Message}" : $"{place}: {Name}: {Message}";
    }
}
