using Grid.Drills;
using Grid.Testing;

namespace Grid.Orleans.Tests;

/// <summary>
/// The short form of the drills: real silo processes, killed and stopped under load. The long form, with times and more deeds, is
/// <c>dotnet run -c Release --project tests/Grid.Drills</c>.
/// </summary>
[Collection(nameof(Alone))]
public sealed class DrillTests
{
    private static readonly DrillOptions Short = new() { Times = 2, Callers = 24, CallsPerSecond = 120, Cards = 60, Terminals = 40, WarmUp = TimeSpan.FromSeconds(4) };

    public static string? NoDatabase => PostgresServer.Absent;

    [Fact(Timeout = 600_000)]
    public async Task What_was_acknowledged_survives_kills_of_silos_and_is_counted_once()
    {
        Assert.SkipWhen(NoDatabase is not null, NoDatabase ?? "");

        await PlayAsync(KillDrill.RunAsync);
    }

    [Fact(Timeout = 600_000)]
    public async Task A_rolling_restart_with_a_changed_bundle_keeps_state_and_fails_no_call_after_one_retry()
    {
        Assert.SkipWhen(NoDatabase is not null, NoDatabase ?? "");

        await PlayAsync(RollDrill.RunAsync);
    }

    /// <summary>A drill asserts its promises itself, and raises what it found.</summary>
    private static async Task PlayAsync(Func<DrillOptions, TextWriter, Task<IReadOnlyList<Disturbance>>> drill)
    {
        var told = new StringWriter();
        try
        {
            Assert.NotEmpty(await drill(Short, told));
        }
        finally
        {
            TestContext.Current.TestOutputHelper!.WriteLine(told.ToString());
        }
    }
}

/// <summary>Beside other clusters on the same cores silos would miss each other's probes, and the drill would be of that.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
