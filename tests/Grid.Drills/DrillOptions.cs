namespace Grid.Drills;

/// <summary>How large a drill is.</summary>
internal sealed record DrillOptions
{
    /// <value>The default is three silos.</value>
    public int Silos { get; init; } = 3;

    public int Callers { get; init; } = 48;

    /// <value>The default, 400, leaves processor time for the cluster to heal where two cores carry all of it, database and callers included.</value>
    public double CallsPerSecond { get; init; } = 400;

    /// <summary>How many cards of either sort, strict and mixed.</summary>
    public int Cards { get; init; } = 150;

    public int Terminals { get; init; } = 100;

    /// <summary>How many calls are answered before anything is done to the cluster.</summary>
    public int WarmUp { get; init; } = 4_000;

    /// <summary>How many calls in a row must be answered undisturbed before the cluster counts as calm again.</summary>
    public int Calm { get; init; } = 800;

    /// <summary>How long a caller waits for an answer before it asks again elsewhere.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>
    /// Failed attempts allowed per call where a silo stops in good order. The default, one, holds where the machine keeps up: callers retry
    /// after at most 200 ms, and a stopping silo has handed its entities over by then. On a busy machine that takes longer.
    /// </summary>
    public int MaxFailedAttempts { get; init; } = 1;

    /// <summary>How often the deed is done, where a drill does it several times.</summary>
    public int Times { get; init; } = 10;

    /// <summary>Draws all that is random.</summary>
    public int Seed { get; init; } = Random.Shared.Next();

    /// <summary>A folder to write into what the silos said; null keeps none of it.</summary>
    public string? Logs { get; init; }

    /// <summary>Arguments for every silo.</summary>
    public IReadOnlyList<string> Silo { get; init; } = [];
}
