namespace Grid.Engine;

/// <summary>
/// How many pieces of other work than records a commit takes along: one while calls wait, and one more with each commit that nobody waited for. A busy engine
/// makes such commits too, between two that are waited for, and who calls meanwhile waits for all that they took along.
/// </summary>
internal sealed class WorkBudget
{
    /// <summary>What a commit takes at most.</summary>
    public const int Most = 8;

    private int _quiet;

    /// <summary>What the next commit may take.</summary>
    /// <param name="awaited">Whether a call waits for it.</param>
    public int Next(bool awaited)
    {
        _quiet = awaited ? 0 : Math.Min(_quiet + 1, Most);
        return Math.Max(1, _quiet);
    }
}
