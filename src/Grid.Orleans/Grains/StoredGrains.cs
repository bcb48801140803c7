namespace Grid.Orleans;

/// <summary>Where entities are grain state: who took an event in that labels may speak of, and the labels that wait for it.</summary>
internal interface IEventBookGrain : IGrainWithStringKey
{
    /// <summary>Notes who took the event in.</summary>
    /// <returns>Whether labels wait for it.</returns>
    Task<bool> RegisterAsync(EntityId owner);

    Task<EntityId[]> OwnersAsync();

    /// <summary>Has a label wait.</summary>
    /// <returns>True where the event has come already.</returns>
    Task<bool> AddWaitingAsync(byte[] label);

    Task<byte[][]> WaitingAsync();

    Task RemoveWaitingAsync(byte[] label);
}

/// <summary>Where entities are grain state: a schema that rows name, by its fingerprint.</summary>
internal interface ISchemaGrain : IGrainWithStringKey
{
    Task PutAsync(byte[] schema);

    Task<byte[]?> GetAsync();
}

/// <inheritdoc cref="IEventBookGrain"/>
[GrainType("eventbook")]
internal sealed class EventBookGrain(IGrainContext activation, IPersistentStateFactory states) : Grain, IEventBookGrain
{
    private readonly IPersistentState<StoredBytes> _state = states.Create<StoredBytes>(activation, new StatePlace("event"));
    private readonly List<EntityId> _owners = [];
    private readonly List<byte[]> _waiting = [];

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (_state.State is { Bytes.Length: > 0 } stored)
        {
            var reader = new MessageReader(stored.Bytes);
            reader.Byte();
            for (var left = reader.Count(); left > 0; left--)
            {
                _owners.Add(reader.Entity());
            }

            for (var left = reader.Count(); left > 0; left--)
            {
                _waiting.Add(reader.Block());
            }
        }

        return Task.CompletedTask;
    }

    public async Task<bool> RegisterAsync(EntityId owner)
    {
        if (!_owners.Contains(owner))
        {
            _owners.Add(owner);
            await WriteAsync();
        }

        return _waiting.Count > 0;
    }

    public Task<EntityId[]> OwnersAsync() => Task.FromResult(_owners.ToArray());

    public async Task<bool> AddWaitingAsync(byte[] label)
    {
        if (!_waiting.Exists(one => one.AsSpan().SequenceEqual(label)))
        {
            _waiting.Add(label);
            await WriteAsync();
        }

        return _owners.Count > 0;
    }

    public Task<byte[][]> WaitingAsync() => Task.FromResult(_waiting.ToArray());

    public async Task RemoveWaitingAsync(byte[] label)
    {
        if (_waiting.RemoveAll(one => one.AsSpan().SequenceEqual(label)) > 0)
        {
            await WriteAsync();
        }
    }

    private Task WriteAsync()
    {
        var writer = MessageWriter.Take();
        writer.Byte(Formats.Version);
        writer.VarUInt((ulong)_owners.Count);
        foreach (var owner in _owners)
        {
            writer.Entity(owner);
        }

        writer.VarUInt((ulong)_waiting.Count);
        foreach (var label in _waiting)
        {
            writer.Block(label);
        }

        return _state.WriteAsync(writer.Written.ToArray(), this);
    }
}

/// <inheritdoc cref="ISchemaGrain"/>
[GrainType("schema")]
internal sealed class SchemaGrain(IGrainContext activation, IPersistentStateFactory states) : Grain, ISchemaGrain
{
    private readonly IPersistentState<StoredBytes> _state = states.Create<StoredBytes>(activation, new StatePlace("schema"));

    public async Task PutAsync(byte[] schema)
    {
        if (_state.State is not { Bytes.Length: > 0 })
        {
            _state.State = new() { Bytes = schema };
            await _state.WriteStateAsync();
        }
    }

    public Task<byte[]?> GetAsync() => Task.FromResult(_state.State is { Bytes.Length: > 0 } stored ? stored.Bytes : null);
}
