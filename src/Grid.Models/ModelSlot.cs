using System.Diagnostics.CodeAnalysis;

namespace Grid.Models;

/// <summary>
/// A named place for a model: its current version changes at a reload, its name and its view do not. Whoever scores notices at the next run
/// and never waits for a reload.
/// </summary>
internal sealed class ModelSlot
{
    private volatile LoadedModel _current;
    private volatile bool _retired;

    internal ModelSlot(LoadedModel first) => _current = first;

    public string Name => _current.Name;

    /// <summary>Features in a row; the same for every version.</summary>
    public int Width => _current.Width;

    /// <summary>Scores of a row; the same for every version.</summary>
    public int Scores => _current.Layout.Scores;

    /// <summary>The version that a run started now is made with.</summary>
    public LoadedModel Current => _current;

    /// <summary>A scorer over this model, for one shard. It follows reloads by itself; dispose of it to let go of the model.</summary>
    /// <param name="maxBatch">The most rows that are scored in one run; memory for so many is held.</param>
    /// <exception cref="ObjectDisposedException">The catalog has been disposed of.</exception>
    public Scorer CreateScorer(int maxBatch) => new(this, maxBatch);

    /// <summary>The current version, with the caller as one more user of it; false if the catalog has let go of it.</summary>
    internal bool TryLease([NotNullWhen(true)] out LoadedModel? leased)
    {
        do
        {
            leased = _current;
            if (leased.TryLease())
            {
                return true;
            }
        }
        while (!_retired); // It was replaced after it was read, and has ended since: the next look finds its successor.

        leased = null;
        return false;
    }

    /// <summary>Makes a version current. Called under the catalog's lock.</summary>
    internal void Replace(LoadedModel next)
    {
        var old = _current;
        _current = next;
        old.Release();
    }

    internal void Retire()
    {
        _retired = true;
        _current.Release();
    }
}
