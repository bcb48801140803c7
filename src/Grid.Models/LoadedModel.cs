using Microsoft.ML.OnnxRuntime;

namespace Grid.Models;

/// <summary>
/// One version of a model, in memory and found fit to serve. Its native session lives as long as somebody uses it: the slot
/// while this version is current, and each <see cref="Scorer"/> that is bound to it.
/// </summary>
internal sealed class LoadedModel
{
    // One for all: a run only reads it. Its errors come back as exceptions, and are not written to standard error besides.
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

    /// <summary>As declared, or the first 12 hexadecimal digits of <see cref="Sha256"/>.</summary>
    public string Version { get; }

    /// <summary>SHA-256 of the file's bytes, in lower-case hexadecimal digits.</summary>
    public string Sha256 { get; }

    /// <summary>Features in a row.</summary>
    public int Width => Source.Width;

    /// <summary>
    /// Whether a row was found to get the same bits alone and among others. Some kernels sum or round otherwise for several rows;
    /// such a model is scored row by row, because a replay must come to the same score whatever was waiting beside it.
    /// </summary>
    public bool BatchesExactly { get; }

    /// <summary>
    /// What the model gives for a row of zeros where that is not finite: such rows have no score, and decisions take their fallback. Null of a model that has a score for it.
    /// </summary>
    public float? OddScoreOfZeros { get; init; }

    internal static int SessionsAlive => Volatile.Read(ref _sessionsAlive);

    internal ModelSource Source { get; }

    internal ScoreLayout Layout { get; }

    internal OrtIoBinding CreateBinding() => _session.CreateIoBinding();

    internal void Run(OrtIoBinding binding) => _session.RunWithBinding(Quietly, binding);

    /// <summary>Becomes a user of the session; false if it is gone already.</summary>
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

    /// <summary>Ends one use. The last one takes the session with it.</summary>
    internal void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            _session.Dispose();
            Interlocked.Decrement(ref _sessionsAlive);
        }
    }
}
