using System.Diagnostics.CodeAnalysis;

namespace Grid.Models;

/// <summary>
/// A named slot for a model. A reload changes its current version but not its name and view. Scorers pick up the new version at their next
/// run and never wait for a reload.
/// </summary>
internal sealed class ModelSlot
{
    private volatile LoadedModel _current;
    private volatile bool _retired;

    internal ModelSlot(LoadedModel first) => _current = first;

    public string Name => _current.Name;

    /// <summary>Features per row; the same for every version.</summary>
    public int Width => _current.Width;

    /// <summary>Scores per row; the same for every version.</summary>
    public int Scores => _current.Layout.Scores;

    /// <summary>The version that the next run uses.</summary>
    public LoadedModel Current => _current;

    /// <summary>Creates a scorer over this model for one shard. It follows reloads; dispose it to release the model.</summary>
    /// <param name="maxBatch">The maximum number of rows per run; memory is allocated for as many.</param>
    /// <exception cref="ObjectDisposedException">The catalog has been disposed of.</exception>
    public Scorer CreateScorer(int maxBatch) => new(this, maxBatch);

    /// <summary>Adds a reference to the current version and returns it; false if the catalog has released it.</summary>
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
        while (!_retired); // The version was replaced and disposed after it was read; the next iteration finds its successor.

        leased = null;
        return false;
    }

    /// <summary>Replaces the current version. Called under the catalog's lock.</summary>
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
