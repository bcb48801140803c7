using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Grid.Models;

/// <summary>
/// The current models by name. Publishing a name again replaces its version without blocking scorers; the session of the old version is
/// disposed when its last reference is released. Safe for concurrent use.
/// </summary>
internal sealed class ModelCatalog : IDisposable
{
    private readonly ConcurrentDictionary<string, ModelSlot> _slots = new(StringComparer.Ordinal);
    private readonly Lock _publishing = new();
    private readonly TimeProvider _time;
    private bool _disposed;

    /// <param name="time">The clock that measures loads; null is the system clock.</param>
#pragma warning disable RS0030 // The default of a catalog that is created without a host.
    public ModelCatalog(TimeProvider? time = null) => _time = time ?? TimeProvider.System;
#pragma warning restore RS0030

    /// <summary>Loads a model, checks it against its view, runs it on a row of zeros, and unloads it.</summary>
    /// <exception cref="ModelException">The model cannot serve. Replacing a current version is not checked.</exception>
    public static void Check(ModelSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        ModelLoad.Load(source, toServe: false).Release();
    }

    /// <summary>
    /// Loads a model, checks it against its view, runs it on a row of zeros, and then makes it the current version of its name.
    /// </summary>
    /// <exception cref="ModelShapeException">
    /// The model does not fit its view, or the view differs from that of the current version.
    /// </exception>
    /// <exception cref="ModelUnusableException">The file is missing or unreadable, or the model fails on a row of zeros.</exception>
    public ModelSlot Publish(ModelSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        ObjectDisposedException.ThrowIf(_disposed, this);

        var started = _time.GetTimestamp();
        var loaded = ModelLoad.Load(source);
        lock (_publishing)
        {
            try
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                var slot = Place(loaded);
                ModelMetrics.Loaded(source.Name, _time.GetElapsedTime(started));
                return slot;
            }
            catch
            {
                loaded.Release();
                throw;
            }
        }
    }

    /// <summary>Reads the file of a published model again and makes its content the current version.</summary>
    /// <exception cref="KeyNotFoundException">No model of that name is published.</exception>
    /// <exception cref="ModelException">The file cannot replace the current version, which continues to serve.</exception>
    public (LoadedModel Before, LoadedModel Now) Reload(string name)
    {
        if (!TryGet(name, out var slot))
        {
            throw new KeyNotFoundException($"There is no model '{name}'.");
        }

        var before = slot.Current;
        return (before, Publish(before.Source).Current);
    }

    /// <summary>Names of the published models.</summary>
    public IEnumerable<string> Names => _slots.Keys;

    public bool TryGet(string name, [NotNullWhen(true)] out ModelSlot? slot) => _slots.TryGetValue(name, out slot);

    /// <summary>Releases every model. Existing scorers keep their current version until they are disposed.</summary>
    public void Dispose()
    {
        lock (_publishing)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            foreach (var slot in _slots.Values)
            {
                slot.Retire();
            }

            _slots.Clear();
        }
    }

    private ModelSlot Place(LoadedModel loaded)
    {
        if (!_slots.TryGetValue(loaded.Name, out var slot))
        {
            return _slots[loaded.Name] = new(loaded);
        }

        ModelFit.CheckSuccessor(slot.Current.Source, loaded.Source);
        slot.Replace(loaded);
        return slot;
    }
}
