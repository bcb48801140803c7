using System.Collections.Concurrent;


using Microsoft.Extensions.Logging;

namespace Grid.Engine.Tests;

/// <summary>A log that signals each event that is written to it.</summary>
internal sealed class SignalLog : ILogger<EmbeddedGrid>
{
    private readonly ConcurrentDictionary<int, SemaphoreSlim> _written = new();

    /// <summary>Ends with the next event of an id; each one ends one wait.</summary>
    public Task WrittenAsync(int id) => Of(id).WaitAsync().InTime();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Of(eventId.Id).Release();

    private SemaphoreSlim Of(int id) => _written.GetOrAdd(id, static _ => new(0));
}
