using Grid.Features.Plans;

namespace Grid.Features.State.Loaded;

/// <summary>
/// What was loaded from files, of all kinds: the same for all stores of a host, which swaps it as a whole. What a file says of a feature goes before what
/// <see cref="EntityStore.SetBatch"/> says of it.
/// </summary>
internal sealed class LoadedBatches
{
    /// <summary>How many files of the same features are kept, for readings at past moments.</summary>
    public const int MostKept = 8;

    private volatile LoadedBatch[] _files = [];

    /// <summary>The files, in the order in which they are seen.</summary>
    public IReadOnlyList<LoadedBatch> Files => _files;

    /// <summary>Adds a file, seen after all others. Others may read meanwhile.</summary>
    /// <returns>Files that are not kept any more.</returns>
    public IReadOnlyList<LoadedBatch> Add(LoadedBatch file)
    {
        ArgumentNullException.ThrowIfNull(file);
        LoadedBatch[] all = [.. _files, file];
        var dropped = all.Where((old, i) => all.Skip(i + 1).Count(newer => newer.Kind.Ordinal == old.Kind.Ordinal && old.Features.All(newer.Has)) >= MostKept).ToList();
        _files = [.. all.Except(dropped)];
        return dropped;
    }

    /// <summary>Takes other files in the place of all. Others may read meanwhile, and see all of the old ones or all of the new.</summary>
    /// <param name="files">The files, in the order in which they are seen.</param>
    public void Replace(IEnumerable<LoadedBatch> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        _files = [.. files];
    }

    /// <summary>The file that a reading at a moment sees; null where none was loaded by then.</summary>
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
