using Grid.Postgres;

namespace Grid.Orleans.Tests;

/// <summary>The real shelf, with something that happens before and after each step.</summary>
internal sealed class SteppedShelf(IFileShelf shelf, Func<Task> between) : IFileShelf
{
    public Task<IReadOnlyList<LogFile>> ListAsync(CancellationToken cancellation) => StepAsync(() => shelf.ListAsync(cancellation));

    public Task<byte[]?> ReadAsync(LogFile file, CancellationToken cancellation) => StepAsync(() => shelf.ReadAsync(file, cancellation));

    public Task<long> PutAsync(BatchFile file, ReadOnlyMemory<byte> body, CancellationToken cancellation) => StepAsync(() => shelf.PutAsync(file, body, cancellation));

    public Task<EventTime?> NameAsync(long id, EventTime earliest, CancellationToken cancellation) => StepAsync(() => shelf.NameAsync(id, earliest, cancellation));

    public Task<bool> MakeSureAsync(long id, EventTime known, CancellationToken cancellation) => StepAsync(() => shelf.MakeSureAsync(id, known, cancellation));

    public Task UnnameAsync(long id, EventTime known, CancellationToken cancellation) => StepAsync(() => shelf.UnnameAsync(id, known, cancellation));

    public Task DeleteAsync(long id, CancellationToken cancellation) => StepAsync(() => shelf.DeleteAsync(id, cancellation));

    public Task DeleteLeftAsync(TimeSpan olderThan, CancellationToken cancellation) => StepAsync(() => shelf.DeleteLeftAsync(olderThan, cancellation));

    private async Task StepAsync(Func<Task> step)
    {
        await between();
        await step();
        await between();
    }

    private async Task<T> StepAsync<T>(Func<Task<T>> step)
    {
        await between();
        var done = await step();
        await between();
        return done;
    }
}
