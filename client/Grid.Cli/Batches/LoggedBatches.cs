using Grid.Decisions.Plans;
using Grid.Engine;

namespace Grid.Cli.Batches;

/// <summary>Files of batch features that a replay loads when they were loaded: each just before the first event at or after its moment.</summary>
internal sealed class LoggedBatches
{
    private readonly Queue<(EventTime SeenFrom, BatchFile File)> _files;

    private LoggedBatches(IEnumerable<(EventTime SeenFrom, BatchFile File)> files) => _files = new(files);

    /// <summary>Reads every file, so that a mistake in one is told before anything is replayed.</summary>
    /// <param name="given">Each as <c>KIND=FILE@MOMENT</c>: what <c>grid batch load</c> takes, and from when on the live grid saw it.</param>
    /// <param name="bundle">Says what the features are.</param>
    /// <exception cref="UsageException">A text is none of this form.</exception>
    /// <exception cref="GridException">There is no such kind.</exception>
    public static LoggedBatches Read(IEnumerable<string> given, Bundle bundle) => new(given.Select(text => ReadOne(text, bundle)).OrderBy(one => one.SeenFrom).ToList());

    /// <summary>Loads what was loaded by a moment and is not yet.</summary>
    public async ValueTask LoadUntilAsync(EmbeddedGrid grid, EventTime moment, CancellationToken cancellation)
    {
        while (_files.TryPeek(out var next) && next.SeenFrom <= moment)
        {
            await grid.LoadBatchAsync(next.File, next.SeenFrom, cancellation);
            _files.Dequeue();
        }
    }

    private static (EventTime SeenFrom, BatchFile File) ReadOne(string text, Bundle bundle)
    {
        var (equals, at) = (text.IndexOf('=', StringComparison.Ordinal), text.LastIndexOf('@'));
        if (equals < 1 || at < equals + 2 || !EventTime.TryParse(text.AsSpan(at + 1), out var seenFrom))
        {
            throw new UsageException($"--batch: '{text}' is no file and moment; expected one such as user=tastes.csv@2025-07-25T03:00:00Z.");
        }

        return (seenFrom, BatchText.Read(text[(equals + 1)..at], BatchText.KindOf(bundle, text[..equals])));
    }
}
