using Grid.EndToEnd.Tests.Eats;

namespace Grid.EndToEnd.Tests.Documentation;

/// <summary>What must run before a command can be tried.</summary>
internal enum Stage
{
    /// <summary>Nothing.</summary>
    Alone,

    /// <summary>A silo with the embedded host, started by its own command.</summary>
    Silo,

    /// <summary>A silo and a gateway of a cluster on PostgreSQL, started by their own commands.</summary>
    Cluster,
}

/// <summary>A command that <see cref="CommandTests"/> or <see cref="ServedCommandTests"/> runs.</summary>
/// <param name="Command">As the documents show it.</param>
/// <param name="Stage">What must run before.</param>
/// <param name="Prints">A regular expression that its output matches.</param>
/// <param name="Smaller">Text that takes the place of other text, so that it takes seconds; empty where it runs as it is shown.</param>
internal sealed record RunCommand(string Command, Stage Stage, string Prints, params (string Shown, string Run)[] Smaller);

/// <summary>
/// Every command of the documents: run by <see cref="CommandTests"/> or <see cref="ServedCommandTests"/>, by another test, or not run for a reason that
/// stands here.
/// </summary>
internal static class CommandList
{
    public const string ServeSilo = "dotnet run -c Release --project silo";

    public const string ServeCluster = "dotnet run -c Release --project silo -- serve --host orleans --urls http://127.0.0.1:18081 "
        + "--Grid:Orleans:Clustering=adonet --Grid:Orleans:Storage=log \"--Grid:Orleans:ConnectionString=Host=127.0.0.1;Database=postgres;Username=grid\" "
        + "--Grid:Orleans:SiloPort=11111 --Grid:Orleans:GatewayPort=30001 --Grid:Orleans:SiloName=silo-1";

    public const string ServeGateway = "dotnet run -c Release --project silo -- gateway --urls http://127.0.0.1:18090 "
        + "--Grid:Orleans:Clustering=adonet \"--Grid:Orleans:ConnectionString=Host=127.0.0.1;Database=postgres;Username=grid\"";

    private const string Loaded = "2 of kind user loaded: spend";
    private const string Benchmarks = "dotnet run -c Release --project tests/Grid.Benchmarks -- ";
    private const string DrillTests = "tests/Grid.Orleans.Tests/DrillTests.cs";
    private const string Drills = "dotnet run -c Release --project tests/Grid.Drills -- ";

    public static readonly IReadOnlyList<RunCommand> Run =
    [
        new("./grid --help", Stage.Alone, "replay +<file>|replay <file>"),
        new(
            "./grid replay transactions.csv.gz --bundle bundles/fraud --source handbook --decision authorize --out decisions.csv",
            Stage.Alone, "decisions +[1-9]"),
        new(
            "./grid replay deliveries-month.csv.gz --bundle bundles/eats --source deliveries --decision eta --out OUT.csv",
            Stage.Alone, "decisions +[1-9]"),
        new(
            "grid simulate eats --out city.csv.gz --days 42 --seed 1",
            Stage.Alone, "rows written to city.csv.gz", ("--days 42", "--days 1 --users 50")),
        new(
            "grid replay orders.csv.gz --bundle bundles/mine --source orders --decision offer --out OUT.csv "
            + "--batch user=monday.csv@2026-01-05T03:00:00Z --batch user=tuesday.csv@2026-01-06T03:00:00Z",
            Stage.Alone, "decisions +3"),
        new(
            "grid freshness report ../shared/data/fraud/transactions.csv.gz --bundle bundles/fraud --source handbook --decision authorize "
            + "--start 2018-07-01 --from 2018-08-08 --to 2018-08-15",
            Stage.Alone, "recall lost"),
        new(
            "grid freshness report ../shared/data/eats/deliveries-month.csv.gz --bundle bundles/eats --source deliveries --decision eta "
            + "--label order_delivered --predicts eta_p50_s --low eta_p20_s --high eta_p80_s --only promise --most 10800 --from 2015-02-17",
            Stage.Alone, "mean absolute error"),
        new("grid features list", Stage.Alone, "--cluster", ("list", "list --help")), // named in a sentence, without the grid that is asked
        new("grid batch load", Stage.Alone, "--kind", ("load", "load --help")),
        new(Benchmarks + "ratios", Stage.Alone, "ratio bytes_per_entity_100 ", ("ratios", "ratios bytes_per_entity --smoke")),
        new(Benchmarks + "smoke", Stage.Alone, "smoke: every measure ran"),
        new("dotnet test --project tests/Grid.Features.Tests --filter-method \"*Reads_what_RFC_4180_shows\"", Stage.Alone, "succeeded: 1"),

        new("grid batch load tastes.csv --bundle bundles/mine --kind user --url http://127.0.0.1:8080", Stage.Silo, Loaded),

        new(
            "grid decide authorize --cluster 127.0.0.1:30001 --field transaction_id=t-1 card=4242 terminal=77 amount=12.50",
            Stage.Cluster, "approve"),
        new(
            "dotnet run -c Release --project client/Grid.Sample -- 127.0.0.1:30001 4242",
            Stage.Cluster, "asked again: the first answer; payments of card 4242 today: [1-9]"),
        new("grid batch load tastes.csv --bundle bundles/mine --kind user --cluster 127.0.0.1:30001", Stage.Cluster, Loaded),
        new("grid batch load tastes.csv --bundle bundles/mine --kind user --cluster 127.0.0.1:30000", Stage.Cluster, Loaded),
        new("grid features list --cluster 127.0.0.1:30001", Stage.Cluster, @"user\.spend +batch"),
    ];

    /// <summary>Commands that start the servers of a stage.</summary>
    public static readonly IReadOnlyList<string> Started = [ServeSilo, ServeCluster, ServeGateway];

    /// <summary>Commands that another test runs: the file and the name of the test.</summary>
    public static readonly IReadOnlyDictionary<string, (string File, string Test)> RunElsewhere = new Dictionary<string, (string, string)>
    {
        [ServeSilo + " -- demo"] = End("DemoTests.cs", nameof(DemoTests.The_demo_catches_most_of_the_fraud_and_says_so)),
        [ServeSilo + " -- demo eats"] = End(
            "DemoTests.cs",
            nameof(DemoTests.The_demo_of_eats_ranks_every_search_gives_every_order_an_arrival_time_and_says_how_good_they_were)),
        ["grid freshness report city.csv.gz --bundle … --source city --decision rank --candidates event=shown --request search "
            + "--chosen chosen --from 2026-04-06 --to 2026-04-13"] = End(
            "Eats/RankFreshnessTests.cs",
            nameof(RankFreshnessTests.What_the_user_looked_for_just_now_is_worth_more_than_what_a_restaurant_did_an_hour_ago)),
        [Benchmarks + "pglog"] = End( // as a part of `smoke`
            "Documentation/CommandTests.cs", nameof(CommandTests.Command_that_needs_no_server_runs)),
        [Drills + "kill"] = (DrillTests, "What_was_acknowledged_survives_kills_of_silos_and_is_counted_once"),
        [Drills + "roll"] = (DrillTests, "A_rolling_restart_with_a_changed_bundle_keeps_state_and_loses_no_call"),
    };

    /// <summary>Commands that no test runs, with the reason.</summary>
    public static readonly IReadOnlyDictionary<string, string> NotRun = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["dotnet test"] = "It is what runs these tests.",
        ["dotnet test --project tests/Grid.Features.Tests"] = "`dotnet test` runs the same tests; the command with a filter is run.",
        ["dotnet test --project tests/Grid.Orleans.Tests"] = "`dotnet test` runs the same tests.",
        [".ci/run"] = "It runs these tests.",
        ["dotnet format"] = "It changes the sources.",
        ["dotnet format --verify-no-changes"] = "It takes a minute; .ci/run runs it.",
        [Drills + "freeze"] = "It takes two minutes of a cluster under load; the drills have tests of their own.",
        [Drills + "stop"] = "As `freeze`.",
        [Drills + "join"] = "As `freeze`.",
        ["grid freshness report FILE --bundle … --source … --decision … [--label EVENT] [--from …] [--to …]"] =
            "It is a synopsis; two reports are run.",
        ["dotnet test --project tests/Grid.Features.Tests --filter-method \"*words_of_its_name*\""] = "It is a pattern; the command with a name is run.",
        [ServeSilo + " -- serve --host orleans --Grid:Orleans:Clustering=azure --Grid:Orleans:Storage=azure "
            + "--Grid:Orleans:Azure:BlobServiceUri=https://ACCOUNT.blob.core.windows.net --Grid:Orleans:Azure:TableServiceUri=https://ACCOUNT.table.core.windows.net"] =
            "It needs an Azure account; Grid.Orleans.Tests runs silos on the emulator.",
        ["for role in \"Storage Blob Data Contributor\" \"Storage Table Data Contributor\"; do"] = "It is a part of the commands for Azure.",
        ["for pod in silo gateway; do"] = "It is a part of the commands for Azure.",
        ["done"] = "It is a part of the commands for Azure.",
        ["pg_dump -n grid_log"] = "It names an option of a PostgreSQL program, without a server.",
        ["password=\"$(openssl rand -hex 24)\""] = "It is a part of the commands for Kubernetes.",
    };

    /// <summary>Beginnings of commands that no test can run here, with the reason.</summary>
    public static readonly IReadOnlyDictionary<string, string> NotRunFrom = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["az "] = "It needs an Azure subscription.",
        ["kubectl "] = "It needs a Kubernetes cluster; Grid.Infra.Tests renders the manifests.",
        ["docker "] = "It needs a container engine; Grid.Infra.Tests checks the container file.",
    };

    public static IEnumerable<RunCommand> On(Stage stage) => Run.Where(run => run.Stage == stage);

    /// <summary>Whether a test runs every command of the document, whatever it is.</summary>
    public static bool IsRunWhole(string document) => document == DocumentationTests.HttpPage;

    private static (string File, string Test) End(string file, string test) => ("tests/Grid.EndToEnd.Tests/" + file, test);
}
