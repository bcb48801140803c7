namespace Grid.Cli;

/// <summary>A command was called in a way that cannot mean anything; the exit code is 2.</summary>
public sealed class UsageException(string message) : Exception(message);
