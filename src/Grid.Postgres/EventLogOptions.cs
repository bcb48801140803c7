namespace Grid.Postgres;

/// <summary>Settings of the event log, read once when it is opened.</summary>
internal sealed class EventLogOptions
{
    /// <summary>Where the PostgreSQL server is and who asks, as Npgsql reads it: <c>Host=…;Database=…;Username=…;Password=…</c>.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>How many flushes may be under way at a time, each on a connection of its own. An entity's rows always go through the same one.</summary>
    /// <value>The default is 2.</value>
    public int Lanes { get; init; } = 2;

    /// <summary>How many rows a lane holds that are not taken by a flush yet; one more is refused.</summary>
    /// <value>The default is 8,192.</value>
    public int QueueRows { get; init; } = 8_192;

    /// <summary>How many bytes of rows and snapshots a lane holds that are not taken by a flush yet; one row is taken whatever its size.</summary>
    /// <value>The default is 32 MiB.</value>
    public int QueueBytes { get; init; } = 32 << 20;

    /// <summary>How long a flush or a read may take before it is given up, with unknown outcome, and for how long a silent server is asked again when the log is opened.</summary>
    /// <value>The default is ten seconds.</value>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may take to be made.</summary>
    /// <value>The default is two seconds.</value>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long snapshots wait for rows to go with before they are written by themselves.</summary>
    /// <value>The default is 50 milliseconds.</value>
    public TimeSpan LazyDelay { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <exception cref="ArgumentException">A setting is out of its range; the message names it.</exception>
    internal void Check()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(ConnectionString);
        Require(Lanes is >= 1 and <= 16, nameof(Lanes), "from 1 to 16");
        Require(QueueRows is >= 1 and <= 1 << 20, nameof(QueueRows), "from 1 to 1,048,576");
        Require(QueueBytes is >= 1 << 10 and <= 1 << 29, nameof(QueueBytes), "from 1 KiB to 512 MiB");
        Require(CommandTimeout >= TimeSpan.FromSeconds(1) && CommandTimeout <= TimeSpan.FromHours(1), nameof(CommandTimeout), "from a second to an hour");
        Require(ConnectTimeout >= TimeSpan.FromSeconds(1) && ConnectTimeout <= TimeSpan.FromMinutes(10), nameof(ConnectTimeout), "from a second to ten minutes");
        Require(LazyDelay >= TimeSpan.FromMilliseconds(1) && LazyDelay <= TimeSpan.FromMinutes(1), nameof(LazyDelay), "from a millisecond to a minute");
    }

    private static void Require(bool holds, string name, string range)
    {
        if (!holds)
        {
            throw new ArgumentException($"{name} must be {range}.");
        }
    }
}
