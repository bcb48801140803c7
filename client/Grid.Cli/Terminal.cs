namespace Grid.Cli;

/// <summary>Where a command reads and writes.</summary>
/// <param name="In">Standard input.</param>
/// <param name="Out">What was asked for.</param>
/// <param name="Error">What went wrong, and progress.</param>
/// <param name="IsInteractive">Whether somebody looks on, so that a progress bar may be drawn.</param>
public sealed record Terminal(TextReader In, TextWriter Out, TextWriter Error, bool IsInteractive)
{
    /// <summary>The clock of the command and of the grids that it opens; the system's by default.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
