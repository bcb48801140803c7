using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Grid.Models;

/// <summary>
/// The models that serve, by name. Publishing a name again replaces its version without a pause for those who score with it; the old
/// version's session ends when its last user has let go.
/// </summary>
internal sealed class ModelCatalog : IDisposable
{
    private readonly ConcurrentDictionary<string, ModelSlot> _slots = new(StringComparer.Ordinal);
    private readonly Lock _publishing = new();
    private readonly TimeProvider _time;
    private bool _disposed;

    /// <param name="time">The clock that measures loads; null is the system's.</param>
#pragma warning disable RS0030 // The default of a catalog that is made without a host.
    public ModelCatalog(TimeProvider? time = null) => _time = time ?? TimeProvider.System;
#pragma warning restore RS0030

    /// <summary>Loads a model, checks it against its view, runs it on a row of zeros, and lets go of it.</summary>
    /// <exception cref="ModelException">The model could not be published under a name that is free.</exception>
    public static void Check(ModelSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        ModelLoad.Load(source, toServe: false).Release();
    }

    /// <summary>Loads a model, checks it against its view, runs it on a row of zeros, and only then makes it the current version of its name.</summary>
    /// <exception cref="ModelShapeException">The model and its view do not fit, or the view is another than that of the version which serves.</exception>
    /// <exception cref="ModelUnusableException">The file is missing or cannot be read, or the model fails on a row of zeros.</exception>
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

    /// <summary>Reads the file of a model that serves again, and makes what it holds now the current version.</summary>
    /// <exception cref="KeyNotFoundException">No model of that name was published.</exception>
    /// <exception cref="ModelException">The file cannot serve in place of what does; the version before goes on.</exception>
    public (LoadedModel Before, LoadedModel Now) Reload(string name)
    {
        if (!TryGet(name, out var slot))
        {
            throw new KeyNotFoundException($"There is no model '{name}'.");
        }

        var before = slot.Current;
        return (before, Publish(before.Source).Current);
    }

    /// <summary>Names of the models that serve.</summary>
    public IEnumerable<string> Names => _slots.Keys;

    public bool TryGet(string name, [NotNullWhen(true)] out ModelSlot? slot) => _slots.TryGetValue(name, out slot);

    /// <summary>Lets go of every model. Scorers that are still held go on with what they have until they are disposed of.</summary>
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
