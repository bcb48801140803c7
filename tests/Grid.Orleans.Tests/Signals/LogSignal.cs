using System.Collections.Concurrent;
using Grid.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grid.Orleans.Tests;

/// <summary>Waits for a line in the logs of the silos.</summary>
internal sealed class LogSignal : ILoggerProvider, ILogger
{
    private readonly ConcurrentDictionary<int, TaskCompletionSource> _written = new();

    /// <summary>Ends when a silo has written a line with this id.</summary>
    public Task WrittenAsync(int eventId) => SignalOf(eventId).Task.InTime();

    public void Register(IServiceCollection services)
    {
        services.AddSingleton<ILoggerProvider>(this);
        services.Configure<LoggerFilterOptions>(
            filter => filter.Rules.Add(new(typeof(LogSignal).FullName, "Grid", LogLevel.Information, null)));
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        SignalOf(eventId.Id).TrySetResult();

    public void Dispose()
    {
        // It belongs to the test, and every silo that ends disposes of it.
    }

    private TaskCompletionSource SignalOf(int eventId) =>
        _written.GetOrAdd(eventId, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
