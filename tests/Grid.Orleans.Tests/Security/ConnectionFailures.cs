using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Orleans.Tests;

/// <summary>Counts the connections that Orleans reports as failed or ended.</summary>
internal sealed class ConnectionFailures(int wanted) : ILoggerProvider, ILogger
{
    private readonly TaskCompletionSource _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left = wanted;

    /// <summary>Ends with the last failure that is waited for.</summary>
    public Task Seen => _seen.Task;

    public ILogger CreateLogger(string categoryName) =>
        categoryName == "Orleans.Runtime.Messaging.ConnectionManager" ? this : NullLogger.Instance;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel) && Interlocked.Decrement(ref _left) == 0)
        {
            _seen.TrySetResult();
        }
    }

    public void Dispose()
    {
        // It holds nothing.
    }
}
