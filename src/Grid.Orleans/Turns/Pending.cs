using Grid.Postgres;

namespace Grid.Orleans;

/// <summary>A row that was appended in a turn and is not known to be durable yet, with everything that follows from it.</summary>
/// <param name="version">The row's version.</param>
/// <param name="key">The event; of a label, with the hash of its whole content.</param>
/// <param name="decision">Of a decision: its place in the bundle; -1 otherwise.</param>
/// <param name="isLabel">Whether it is a label's.</param>
/// <param name="body">The row.</param>
/// <param name="commit">Ends when it is durable.</param>
internal sealed class Pending(long version, EventKey key, int decision, bool isLabel, byte[] body, Task<Appended> commit)
{
    public long Version { get; } = version;

    public EventKey Key { get; } = key;

    public ulong IdHash => Key.IdHash;

    public string Type => Key.Type;

    public string Id => Key.Id;

    public int Decision { get; } = decision;

    public bool IsLabel { get; } = isLabel;

    public byte[] Body { get; } = body;

    public Task<Appended> Commit { get; } = commit;

    /// <summary>Ends when the row is durable; fails with what a caller is told.</summary>
    public Task Durable { get; set; } = Task.CompletedTask;

    /// <summary>Ends when the row is durable and labels find its event.</summary>
    public Task Registered { get; set; } = Task.CompletedTask;

    /// <summary>Ends when the row is durable and everybody whom it concerns was told, or could not be reached.</summary>
    public Task Finished { get; set; } = Task.CompletedTask;

    /// <summary>The answer, of a decision: a <see cref="Grid.Decision"/> or a <see cref="Ranking"/>.</summary>
    public object? Answer { get; init; }

    public bool IsOf(string type, string id, ulong idHash) => !IsLabel && IdHash == idHash && Type == type && Id == id;
}

/// <summary>What is known of an event that came before: where its row is, and what that says.</summary>
/// <param name="Version">The row's version.</param>
/// <param name="Decision">The decision that was made in it, by its place in the bundle; -1 where there is none.</param>
/// <param name="Answer">That decision, or that ranking.</param>
/// <param name="At">When the event happened.</param>
/// <param name="Conflict">What the caller is told where it is another event of the same id; null where it is the same event.</param>
internal sealed record FirstRow(long Version, int Decision, object? Answer, EventTime At, GridException? Conflict = null);
