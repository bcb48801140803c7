using Microsoft.ML.OnnxRuntime;

namespace Grid.Models;

/// <summary>
/// One version of a model, loaded and checked. Its native session is reference-counted: by the slot while this version is current, and by
/// each <see cref="Scorer"/> bound to it. Safe for concurrent use.
/// </summary>
internal sealed class LoadedModel
{
    // Shared, because a run only reads it. Errors are thrown as exceptions, so they are not logged to standard error as well.
    private static readonly RunOptions Quietly = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
    private static int _sessionsAlive;

    private readonly InferenceSession _session;
    private int _users = 1;

    internal LoadedModel(ModelSource source, string sha256, InferenceSession session, ScoreLayout layout, bool batchesExactly)
    {
        Source = source;
        Sha256 = sha256;
        Version = source.Version ?? sha256[..12];
        Layout = layout;
        BatchesExactly = batchesExactly;
        _session = session;
        Interlocked.Increment(ref _sessionsAlive);
    }

    public string Name => Source.Name;

    /// <summary>The declared version, or the first 12 hexadecimal digits of <see cref="Sha256"/>.</summary>
    public string Version { get; }

    /// <summary>SHA-256 of the file's bytes, in lower-case hexadecimal digits.</summary>
    public string Sha256 { get; }

    /// <summary>Features per row.</summary>
    public int Width => Source.Width;

    /// <summary>
    /// Whether a row gets the same bits alone and in a batch. Some kernels sum or round differently for several rows; such a model is
    /// scored row by row, because a replay must reproduce the score whatever else was in the batch.
    /// </summary>
    public bool BatchesExactly { get; }

    /// <summary>
    /// The model's score of a row of zeros if it is not finite: such rows have no score, and decisions take their fallback. Null if the
    /// score is finite.
    /// </summary>
    public float? OddScoreOfZeros { get; init; }

    internal static int SessionsAlive => Volatile.Read(ref _sessionsAlive);

    internal ModelSource Source { get; }

    internal ScoreLayout Layout { get; }

    internal OrtIoBinding CreateBinding() => _session.CreateIoBinding();

    internal void Run(OrtIoBinding binding) => _session.RunWithBinding(Quietly, binding);

    /// <summary>Adds a reference to the session; false if it is already disposed.</summary>
    internal bool TryLease()
    {
        var users = Volatile.Read(ref _users);
        while (users > 0)
        {
            var seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
            {
                return true;
            }

            users = seen;
        }

        return false;
    }

    /// <summary>Releases a reference; the last one disposes the session.</summary>
    internal void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            _session.Dispose();
            Interlocked.Decrement(ref _sessionsAlive);
        }
    }
}
