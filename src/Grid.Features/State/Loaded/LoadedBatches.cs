using Grid.Features.Plans;

namespace Grid.Features.State.Loaded;

/// <summary>
/// The active batch tables of all kinds, shared by all stores of a host, which replaces them as a whole. A batch table takes precedence
/// over values set by <see cref="EntityStore.SetBatch"/>.
/// </summary>
internal sealed class LoadedBatches
{
    /// <summary>The number of tables of the same features kept for reads at past times.</summary>
    public const int MostKept = 8;

    private volatile LoadedBatch[] _files = [];

    /// <summary>The tables, in the order of their visible-from times.</summary>
    public IReadOnlyList<LoadedBatch> Files => _files;

    /// <summary>Adds a table that becomes visible after all others. Concurrent reads are allowed.</summary>
    /// <returns>The superseded tables that are no longer kept.</returns>
    public IReadOnlyList<LoadedBatch> Add(LoadedBatch file)
    {
        ArgumentNullException.ThrowIfNull(file);
        LoadedBatch[] all = [.. _files, file];
        var dropped = all.Where((old, i) => all.Skip(i + 1).Count(newer => newer.Kind.Ordinal == old.Kind.Ordinal && old.Features.All(newer.Has)) >= MostKept).ToList();
        _files = [.. all.Except(dropped)];
        return dropped;
    }

    /// <summary>Replaces all tables. Concurrent reads are allowed and see either all old or all new tables.</summary>
    /// <param name="files">The tables, in the order of their visible-from times.</param>
    public void Replace(IEnumerable<LoadedBatch> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        _files = [.. files];
    }

    /// <summary>The table visible to a read as of a time; null if none is.</summary>
    public LoadedBatch? Of(FeaturePlan feature, KindPlan kind, EventTime at)
    {
        ArgumentNullException.ThrowIfNull(feature);
        ArgumentNullException.ThrowIfNull(kind);
        var files = _files;
        for (var i = files.Length - 1; i >= 0; i--)
        {
            if (files[i].Known <= at && files[i].Kind.Ordinal == kind.Ordinal && files[i].Has(feature.Ordinal))
            {
                return files[i];
            }
        }

        return null;
    }

    internal bool IsEmpty => _files.Length == 0;
}
