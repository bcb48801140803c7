using Microsoft.ML.OnnxRuntime;

namespace Grid.Models;

/// <summary>
/// Scores rows with the current version of a model, in memory that it owns: fill <see cref="Row"/>, call <see cref="Run"/>, read
/// <see cref="Scores"/>. Each shard has its own; not safe for concurrent use. After the first run with a given number of rows, further runs
/// do not allocate on the managed heap.
/// </summary>
internal sealed class Scorer : IDisposable
{
    private readonly ModelSlot _slot;
    private readonly float[] _input;
    private readonly float[] _scores;
    private readonly ScoreStatus[] _statuses;
    private BoundTensors _tensors;
    private int _rows;
    private string? _reason;
    private bool _disposed;

    internal Scorer(ModelSlot slot, int maxBatch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBatch, 1);
        _slot = slot;
        MaxBatch = maxBatch;
        _input = GC.AllocateArray<float>(maxBatch * slot.Width, pinned: true);
        _scores = new float[maxBatch * slot.Scores];
        _statuses = new ScoreStatus[maxBatch];
        ObjectDisposedException.ThrowIf(!slot.TryLease(out var model), slot);
        _tensors = new(model, _input, maxBatch);
    }

    /// <summary>The maximum number of rows per run.</summary>
    public int MaxBatch { get; }

    /// <summary>The version that scored all rows of the last run; before the first run, the version current at creation.</summary>
    public LoadedModel Model => _tensors.Model;

    /// <summary>
    /// The scores of the last run, row by row, <see cref="ModelSlot.Scores"/> per row; NaN for a row whose status is not
    /// <see cref="ScoreStatus.Scored"/>.
    /// </summary>
    public ReadOnlySpan<float> Scores => _scores.AsSpan(0, _rows * _slot.Scores);

    /// <summary>The scores of one row of the last run.</summary>
    public ReadOnlySpan<float> ScoresOf(int row) => Scores.Slice(row * _slot.Scores, _slot.Scores);

    /// <summary>The status of each row of the last run.</summary>
    public ReadOnlySpan<ScoreStatus> Statuses => _statuses.AsSpan(0, _rows);

    /// <summary>The error of the first row of the last run that has no score; null if every row has one.</summary>
    public string? Failure => Statuses.IndexOfAnyExcept(ScoreStatus.Scored) is var row && row >= 0 ? FailureOf(row) : null;

    /// <summary>The features of a row in the order of the view, written by the caller. A run does not change them.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="row"/> is not below <see cref="MaxBatch"/>.</exception>
    public Span<float> Row(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)MaxBatch, nameof(row));
        return _input.AsSpan(row * _slot.Width, _slot.Width);
    }

    /// <summary>
    /// Scores the first <paramref name="rows"/> rows with one version of the model. The score and status of a row do not depend on the rest
    /// of the batch: if a batch fails as a whole, or the model rounds differently in batches, the rows are scored one by one.
    /// </summary>
    /// <returns><see cref="ScoreStatus.Scored"/>, or the status of the first row that has no score.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rows"/> is not from 1 to <see cref="MaxBatch"/>.</exception>
    public ScoreStatus Run(int rows)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, MaxBatch);
        if (!ReferenceEquals(_slot.Current, _tensors.Model))
        {
            Rebind();
        }

        _rows = rows;
        _reason = null;
        if (rows > 1 && _tensors.Model.BatchesExactly && TryRun(0, rows, out _))
        {
            return Read(rows);
        }

        for (var row = 0; row < rows; row++)
        {
            _statuses[row] = ScoreStatus.Scored;
            if (!TryRun(row, 1, out var reason))
            {
                _statuses[row] = ScoreStatus.ModelFailed;
                _reason ??= reason;
            }
        }

        return ReadWhatRan(rows);
    }

    /// <summary>Releases the model; the session of a replaced version is disposed with its last reference.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            Unbind(_tensors);
        }
    }

    private void Rebind()
    {
        if (_slot.TryLease(out var next))
        {
            Unbind(_tensors);
            _tensors = new(next, _input, MaxBatch);
        }
    }

    private static void Unbind(BoundTensors tensors)
    {
        tensors.Dispose();
        tensors.Model.Release();
    }

    private bool TryRun(int first, int rows, out string? reason)
    {
        try
        {
            _tensors.Run(first, rows);
            reason = null;
            return true;
        }
        catch (OnnxRuntimeException e)
        {
            reason = e.Message;
            return false;
        }
    }

    private ScoreStatus Read(int rows)
    {
        _statuses.AsSpan(0, rows).Clear(); // ScoreStatus.Scored is 0.
        return ReadWhatRan(rows);
    }

    private ScoreStatus ReadWhatRan(int rows)
    {
        var worst = ScoreStatus.Scored;
        for (var row = rows - 1; row >= 0; row--)
        {
            var given = _tensors.ScoresOf(row);
            var scores = _scores.AsSpan(row * given.Length, given.Length);
            if (_statuses[row] == ScoreStatus.Scored && OddOneOf(given) < 0)
            {
                given.CopyTo(scores);
                continue;
            }

            if (_statuses[row] == ScoreStatus.Scored)
            {
                _statuses[row] = ScoreStatus.NotFinite;
            }

            scores.Fill(float.NaN);
            worst = _statuses[row];
            ModelMetrics.RowFailed(Model.Name, worst);
        }

        return worst;
    }

    private static int OddOneOf(ReadOnlySpan<float> scores)
    {
        for (var i = 0; i < scores.Length; i++)
        {
            if (!float.IsFinite(scores[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private string FailureOf(int row) => _statuses[row] == ScoreStatus.NotFinite
        ? $"Model '{Model.Name}' version {Model.Version} gave {_tensors.ScoresOf(row)[OddOneOf(_tensors.ScoresOf(row))]} for row {row}, which is no score; see whether its features are in the range it was trained on."
        : $"Model '{Model.Name}' version {Model.Version} failed on row {row}: {_reason}";
}
