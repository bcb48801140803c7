namespace Grid.Features.Sources;

/// <summary>A file that cannot be read as its source says. Raised by <see cref="SourceReader"/>; reading does not go on after it.</summary>
internal sealed class SourceException : Exception
{
    public SourceException(string file, long line, string? column, string message, Exception? inner = null)
        : base($"{file}{(line > 0 ? $", line {line}" : "")}{(column is null ? "" : $", column {column}")}: {message}", inner) =>
        (File, Line, Column, Detail) = (file, line, column, message);

    public string File { get; }

    /// <summary>The line at fault, counted from 1; 0 where the file as a whole is meant.</summary>
    public long Line { get; }

    /// <summary>The message without the place.</summary>
    public string Detail { get; }

    /// <summary>The name of the column at fault; null where the line as a whole is meant.</summary>
    public string? Column { get; }
}
