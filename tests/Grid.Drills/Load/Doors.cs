using Grid.Client;

namespace Grid.Drills;

/// <summary>
/// The gateways that callers may ask, taken in turn. As a load balancer would, it rests one that answers nobody for some seconds: one that answers others waits for an
/// entity itself. It is told of silos that come, and learns of those that go only by asking them.
/// </summary>
internal sealed class Doors(TimeSpan attempt) : IDisposable
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    private readonly List<Door> _gone = [];
    private volatile Door[] _open = [];
    private int _next;

    /// <summary>Connects to a silo's gateway.</summary>
    public async Task OpenAsync(SiloProcess silo)
    {
        // No retries of the client's own: the drill counts every attempt.
        var options = new GridClientOptions { Retries = 0, AttemptTimeout = attempt };
        var handler = new SocketsHttpHandler { ConnectTimeout = attempt, PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        var door = new Door(silo, await GridClient.ConnectAsync(silo.Address, options, default, handler));
        _open = [.. _open, door];
    }

    /// <summary>Forgets a silo's gateway, as when its address is taken from the load balancer.</summary>
    public void Close(SiloProcess silo)
    {
        _gone.AddRange(_open.Where(door => door.Silo == silo.Name));
        _open = [.. _open.Where(door => door.Silo != silo.Name)];
    }

    /// <summary>The next gateway in turn that is not resting; where all are, the one that has rested longest.</summary>
    public Door Next()
    {
        var open = _open;
        var now = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < open.Length; i++)
        {
            if (open[(uint)Interlocked.Increment(ref _next) % open.Length] is var door && door.RestsUntil <= now)
            {
                return door;
            }
        }

        return open.MinBy(door => door.RestsUntil)!;
    }

    public void Dispose()
    {
        foreach (var door in _gone.Concat(_open))
        {
            door.Grid.Dispose();
        }
    }

    /// <summary>A silo's gateway.</summary>
    internal sealed class Door(SiloProcess silo, GridClient grid)
    {
        private long _restsUntil;
        private long _answered;

        public string Silo => silo.Name;

        public GridClient Grid { get; } = grid;

        /// <summary>Whether the drill has killed, stopped or frozen the silo.</summary>
        public bool IsGone => silo.IsGone;

        public long RestsUntil => Volatile.Read(ref _restsUntil);

        public void HasAnswered() => Volatile.Write(ref _answered, TimeProvider.System.GetTimestamp());

        /// <summary>Whether it has answered anybody since a moment.</summary>
        public bool AnsweredSince(long moment) => Volatile.Read(ref _answered) > moment;

        public void TakeRest() => Volatile.Write(
            ref _restsUntil, TimeProvider.System.GetTimestamp() + (long)(Rest.TotalSeconds * TimeProvider.System.TimestampFrequency));
    }
}
