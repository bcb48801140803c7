using Grid.Decisions.Hosting;
using Grid.Decisions.Records;
using Grid.Features.State;
using Grid.Models;

namespace Grid.Orleans;

/// <summary>
/// The state of those live entities of a silo whose keys hash to it, and what their turns need: native memory, scorers, room to put rows together.
/// Whoever touches it holds <see cref="Lock"/>, and never waits while holding it.
/// </summary>
internal sealed class Stripe(SiloCore core) : IDisposable
{
    private readonly Scorer?[] _scorers = new Scorer?[core.Decisions.Length];
    private readonly Scorer?[] _fallbackScorers = new Scorer?[core.Decisions.Length];
    private byte[] _scratch = new byte[2048];

    public Lock Lock { get; } = new();

    public EntityStore Store { get; } = new(core.Bundle.Definitions) { Loaded = core.Files.Loaded };

    public JournalRecord Record { get; } = new();

    /// <summary>Scores one row, or as many as the decision may have candidates.</summary>
    public Scorer ScorerOf(DecisionFacts decision) =>
        _scorers[decision.Plan.Ordinal] ??= core.Models[decision.Plan.Ordinal].CreateScorer(decision.Plan.Candidates?.Most ?? 1);

    /// <summary>The same for the decision's fallback model; null where it has none.</summary>
    public Scorer? FallbackScorerOf(DecisionFacts decision) =>
        _fallbackScorers[decision.Plan.Ordinal] ??= core.FallbackModels[decision.Plan.Ordinal]?.CreateScorer(decision.Plan.Candidates?.Most ?? 1);

    public byte[] ScratchOf(int bytes)
    {
        if (_scratch.Length < bytes)
        {
            _scratch = new byte[bytes * 2];
        }

        return _scratch;
    }

    public void Dispose()
    {
        lock (Lock)
        {
            Store.Dispose();
            foreach (var scorer in _scorers.Concat(_fallbackScorers))
            {
                scorer?.Dispose();
            }
        }
    }
}
