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
    // A busy machine may hold a silo up for seconds, so nobody gives it up for that, and calls are retried until they are answered: how many
    // retries that takes depends on the machine, that every call is answered and counted once does not.
    private static readonly DrillOptions Short = new()
    {
        Times = 2,
        Callers = 24,
        CallsPerSecond = 240,
        Cards = 60,
        Terminals = 40,
        WarmUp = 400,
        Calm = 240,
        Seed = 1,
        AttemptTimeout = TimeSpan.FromMinutes(2),
        MaxFailedAttempts = int.MaxValue,
        Silo = ["--Grid:Orleans:ResponseTimeout=00:01:00"],
    };

    // Here somebody must give up the silos that are killed.
    private static readonly DrillOptions Kill = Short with
    {
        AttemptTimeout = TimeSpan.FromSeconds(10),
        Silo = ["--Grid:Orleans:ResponseTimeout=00:00:08"],
    };


    public static string? NoDatabase => PostgresServer.Absent;

    [Fact]
    public async Task What_was_acknowledged_survives_kills_of_silos_and_is_counted_once()
    {
        Assert.SkipWhen(NoDatabase is not null, NoDatabase ?? "");

        await PlayAsync(KillDrill.RunAsync, Kill).InTime();
    }

    [Fact]
    public async Task A_rolling_restart_with_a_changed_bundle_keeps_state_and_loses_no_call()
    {
        Assert.SkipWhen(NoDatabase is not null, NoDatabase ?? "");

        await PlayAsync(RollDrill.RunAsync, Short).InTime();
    }

    /// <summary>A drill asserts its promises itself, and raises what it found.</summary>
    private static async Task PlayAsync(Func<DrillOptions, TextWriter, Task<IReadOnlyList<Disturbance>>> drill, DrillOptions options)
    {
        var told = new StringWriter();
        try
        {
            Assert.NotEmpty(await drill(options, told));
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
