using Grid.Decisions.Hosting;
using Grid.Decisions.Plans;
using Grid.Features.Plans;
using Grid.Features.State.Loaded;
using Grid.Postgres;

using Microsoft.Extensions.Logging;

namespace Grid.Orleans;

/// <summary>
/// What one silo knows of the cluster's files of batch features. A look at the storage promises that every file that is seen before a certain moment is known here: one that
/// the look did not find gets a moment further ahead than that, and one that is not sure of its moment yet may count or not. A reading at a later moment looks first.
/// </summary>
internal sealed class ClusterFiles(Bundle bundle, GridClusterOptions options, TimeProvider time, IFileShelf shelf, ILogger log) : IDisposable
{
    private const int MostLooks = 4;

    private readonly SemaphoreSlim _one = new(1);
    private readonly bool[] _isRead = [.. bundle.Definitions.Kinds.Select(HasBatch)];
    private readonly Dictionary<string, KindPlan> _kinds = bundle.Definitions.Kinds.ToDictionary(kind => kind.Name, StringComparer.Ordinal);
    private readonly Dictionary<long, LoadedBatch?> _read = [];
    private IReadOnlyList<(long, EventTime)> _shown = [];
    private long _until;
    private long _lookBegan = long.MinValue;
    private string? _lookFailed;

    /// <summary>The files that count: the same for all stripes.</summary>
    public LoadedBatches Loaded { get; } = new();

    /// <summary>Whether the bundle has batch features at all; nothing is looked at otherwise.</summary>
    public bool IsNeeded { get; } = bundle.Definitions.Kinds.Any(HasBatch);

    private EventTime Now => EventTime.From(time.GetUtcNow());

    /// <summary>Ends once every file that a reading at a moment may see is known here. Of a moment that is still to come: every file that is sure by now.</summary>
    /// <exception cref="GridException">The storage cannot be looked at.</exception>
    public ValueTask KnowAsync(EventTime at) => Knows(at) ? default : new(LookUntilAsync(at));

    /// <summary>The same, for a reading of entities of one kind alone.</summary>
    public ValueTask KnowAsync(EventTime at, int kind) => _isRead[kind] ? KnowAsync(at) : default;

    /// <summary>Whether that is so without another look.</summary>
    public bool Knows(EventTime at) => !IsNeeded || at.UnixMilliseconds < Volatile.Read(ref _until);

    /// <summary>Looks at the storage, or waits for a look that begins after this call.</summary>
    /// <exception cref="GridException">The storage cannot be looked at.</exception>
    public async Task LookAsync()
    {
        var asked = time.GetTimestamp();
        await _one.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_lookBegan <= asked)
            {
                _lookBegan = time.GetTimestamp();
                _lookFailed = await TryLookAsync().ConfigureAwait(false);
            }

            if (_lookFailed is { } failure)
            {
                throw GridException.Unavailable(failure);
            }
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task LookUntilAsync(EventTime at)
    {
        for (var looks = 0; looks < MostLooks; looks++)
        {
            await LookAsync().ConfigureAwait(false);
            if (Knows(at) || at > Now)
            {
                return;
            }
        }

        throw GridException.Unavailable($"The files of batch features could not be looked at quickly enough to know which of them is seen at {at}; asking again may do.");
    }

    private async Task<string?> TryLookAsync()
    {
        try
        {
            for (var looks = 1; !await LookOnceAsync().ConfigureAwait(false); looks++)
            {
                if (looks == MostLooks)
                {
                    return "The files of batch features change more quickly than they can be read; asking again may do.";
                }
            }

            return null;
        }
        catch (Exception e) when (e is InvalidDataException || IFileShelf.IsOfStorage(e))
        {
            return $"The files of batch features cannot be read now: {e.Message}";
        }
    }

    /// <returns>False where the list changed meanwhile: it is to be looked at again.</returns>
    private async Task<bool> LookOnceAsync()
    {
        var began = Now;
        var listed = await shelf.ListAsync(CancellationToken.None).ConfigureAwait(false);
        if (await TakeAwayAsync(listed).ConfigureAwait(false))
        {
            return false;
        }

        var promised = Volatile.Read(ref _until);
        var unread = listed.Where(file => !_read.ContainsKey(file.Id)).ToList();
        Promise(began, listed.Where(file => !file.Sure || !_shown.Contains((file.Id, file.Known)))); // A large file takes its time: what is seen before it need not wait.
        foreach (var file in unread)
        {
            if (file.Sure && file.Known.UnixMilliseconds < promised)
            {
                ClusterLog.FileLate(log, file.Kind, file.Known);
            }

            if (await shelf.ReadAsync(file, CancellationToken.None).ConfigureAwait(false) is not { } body)
            {
                return false;
            }

            _read[file.Id] = Make(file, body);
        }

        Show(listed);
        Promise(began, listed.Where(file => !file.Sure));
        return true;
    }

    /// <summary>Takes the moment of files away that have passed theirs without being sure: nobody could tell whether they count.</summary>
    private async Task<bool> TakeAwayAsync(IReadOnlyList<LogFile> listed)
    {
        var passed = listed.Where(file => !file.Sure && file.Known <= Now).ToList();
        foreach (var file in passed)
        {
            await shelf.UnnameAsync(file.Id, file.Known, CancellationToken.None).ConfigureAwait(false);
        }

        return passed.Count > 0;
    }

    private void Promise(EventTime began, IEnumerable<LogFile> open)
    {
        var until = began.UnixMilliseconds + (long)(options.FilesAhead / 2).TotalMilliseconds;
        Volatile.Write(ref _until, open.Select(file => file.Known.UnixMilliseconds).Append(until).Min());
    }

    private LoadedBatch? Make(LogFile file, byte[] body) => _kinds.TryGetValue(file.Kind, out var kind)
        ? BatchCheck.MakeAgain(Formats.Read(Formats.Batch, body), kind, file.Known)
        : null;

    private static bool HasBatch(KindPlan kind) => kind.Features.Any(feature => feature.Batch is not null);

    private void Show(IReadOnlyList<LogFile> listed)
    {
        var sure = listed.Where(file => file.Sure).ToList();
        var shown = sure.Select(file => (file.Id, file.Known)).ToList();
        if (!shown.SequenceEqual(_shown))
        {
            Loaded.Replace(sure.Select(file => _read[file.Id]?.SeenFrom(file.Known)).OfType<LoadedBatch>());
            _shown = shown;
        }

        foreach (var gone in _read.Keys.Except(listed.Select(file => file.Id)).ToList())
        {
            _read.Remove(gone);
        }
    }
}
