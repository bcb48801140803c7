namespace Grid.Features.Sources;

/// <summary>A file does not match its source definition. Thrown by <see cref="SourceReader"/>, which cannot continue afterwards.</summary>
internal sealed class SourceException : Exception
{
    public SourceException(string file, long line, string? column, string message, Exception? inner = null)
        : base($"{file}{(line > 0 ? $", line {line}" : "")}{(column is null ? "" : $", column {column}")}: {message}", inner) =>
        (File, Line, Column, Detail) = (file, line, column, message);

    public string File { get; }

    /// <summary>The invalid line, counted from 1; 0 if the error concerns the whole file.</summary>
    public long Line { get; }

    /// <summary>The message without the location.</summary>
    public string Detail { get; }

    /// <summary>The name of the invalid column; null if the error concerns the whole line.</summary>
    public string? Column { get; }
}
