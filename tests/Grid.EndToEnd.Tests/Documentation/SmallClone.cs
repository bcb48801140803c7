using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Grid.Simulation.Fraud;
using Grid.Testing;

namespace Grid.EndToEnd.Tests.Documentation;

/// <summary>
/// A folder in which the documents' commands run: the shipped bundles, one of the user's own (<c>bundles/mine</c>), small files of the names
/// that the commands have, and <c>../shared</c> beside it. <c>./grid</c> and <c>dotnet run</c> start what the build of the tests made in place of building it again.
/// </summary>
internal sealed partial class SmallClone : IDisposable
{
    private const int MostAttempts = 20;

    private static readonly DirectoryInfo Built = new(AppContext.BaseDirectory);

    private readonly TemporaryFolder _folder = new();
    private readonly BundleFolder _mine = BundleOfMine();

    public SmallClone()
    {
        Directory.CreateDirectory(Path);
        Link("bundles/fraud", Repository.Bundle("fraud"));
        Link("bundles/eats", Repository.Bundle("eats"));
        Link("bundles/mine", _mine.Path);
        WritePrograms();
        WriteData();
    }

    public string Path => System.IO.Path.Combine(_folder.Path, "clone");

    private string Programs => System.IO.Path.Combine(_folder.Path, "programs");

    private static string Framework => Built.Name;

    private static string Configuration => Built.Parent!.Name;

    /// <summary>Whether a project was built as these tests were.</summary>
    public static bool IsBuilt(string project)
    {
        var name = System.IO.Path.GetFileName(project) + ".dll";
        return File.Exists(System.IO.Path.Combine(Repository.Root, project, "bin", Configuration, Framework, name));
    }

    /// <summary>
    /// Runs a command and checks what it prints. Where the answer is to ask again, as a cluster's first answers may be on a busy machine, the
    /// command is run again.
    /// </summary>
    public async Task RunAsync(RunCommand run, IEnumerable<(string Shown, string Run)> places)
    {
        (string, string)[] replaced = [.. run.Smaller, .. places];
        var ran = await ShellRun.OfAsync(Start(run.Command, replaced, []));
        for (var attempt = 1; attempt < MostAttempts && ran.Code != 0 && AskAgain().IsMatch(ran.Error); attempt++)
        {
            ran = await ShellRun.OfAsync(Start(run.Command, replaced, []));
        }

        Assert.True(ran.Code == 0, $"{run.Command}\nexpected exit code 0, found {ran.Code}\n{ran.Output}\n{ran.Error}");
        Assert.Matches(run.Prints, ran.Output);
    }

    public void Dispose()
    {
        _folder.Dispose();
        _mine.Dispose();
    }

    /// <summary>How a command is started, by a shell in this folder.</summary>
    /// <param name="command">As the documents show it.</param>
    /// <param name="replaced">Text that takes the place of text of the command.</param>
    /// <param name="environment">Variables of its environment.</param>
    public ProcessStartInfo Start(
        string command, IEnumerable<(string Shown, string Run)> replaced, IEnumerable<(string Name, string Value)> environment)
    {
        foreach (var (shown, run) in replaced)
        {
            command = command.Replace(shown, run, StringComparison.Ordinal);
        }

        var start = new ProcessStartInfo("bash", ["-c", command]) { WorkingDirectory = Path };
        start.Environment["PATH"] = Programs + ":" + start.Environment["PATH"];
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    /// <summary>The fraud bundle, and users with a batch feature and a decision on it.</summary>
    private static BundleFolder BundleOfMine() => BundleFolder.Of("fraud")
        .Replace("\nevents:\n", """

            events:
              search:
                id: search
                time: at
                fields: { search: string, at: timestamp, user: string }
                keys: { user: user }

            """)
        .Replace("\nentities:\n", """

            entities:
              user:
                searches: { count: search, window: 1d }
                spend: { batch: number }

            """)
        .Replace("\nmodels:\n", "\nmodels:\n  small: { file: models/small.onnx, input: x, score: p }\n")
        .Replace("\ndecisions:\n", """

            decisions:
              offer:
                on: search
                owner: user
                features: [user.searches, user.spend]
                model: small
                policy:
                  - pass: "true"
                fallback: { pass: no_score }

            """)
        .Replace("\nsources:\n", """

            sources:
              orders:
                format: csv
                events:
                  - event: search
                    columns: { search: search, at: at, user: user }

            """)
        .AddModel("logistic_small", "small");

    private static void WriteGz(string path, string text)
    {
        using var writer = new StreamWriter(new GZipStream(File.Create(path), CompressionLevel.Fastest));
        writer.Write(text);
    }

    private static string Deliveries()
    {
        const int Day = 86_400;
        var orders = Enumerable.Range(0, 100).Select(order => (order, Placed: (order / 4 * Day) + (Day / 2) + (order % 4 * 600)));
        var rows = orders.Select(row => string.Create(
            CultureInfo.InvariantCulture,
            $"{row.Placed},{row.Placed + 120},{row.Placed + 900},{row.Placed + 2000 + (row.order * 7 % 600)},7,{row.order % 3},11,Palo Alto,True,25.50,0.0,0.0,0.0"));
        const string Header = "customer_placed_order_s,placed_order_with_restaurant_s,driver_at_restaurant_s,delivered_to_consumer_s,"
            + "driver_id,restaurant_id,consumer_id,delivery_region,is_asap,order_total,discount,tip,refund";
        return string.Join('\n', rows.Prepend(Header)) + "\n";
    }

    private void WriteData()
    {
        const string Shared = "../shared/data/";
        Directory.CreateDirectory(At(Shared + "fraud"));
        Directory.CreateDirectory(At(Shared + "eats"));
        var start = new DateOnly(2018, 8, 1);
        var options = new FraudSimulationOptions { Customers = 60, Terminals = 40, Days = 20, Start = start };
        HandbookCsv.WriteFile(At("transactions.csv.gz"), FraudSimulation.Transactions(options), start, TestContext.Current.CancellationToken);
        File.Copy(At("transactions.csv.gz"), At(Shared + "fraud/transactions.csv.gz"));
        WriteGz(At("deliveries-month.csv.gz"), Deliveries());
        File.Copy(At("deliveries-month.csv.gz"), At(Shared + "eats/deliveries-month.csv.gz"));
        WriteGz(At("orders.csv.gz"), "search,at,user\ns0,2026-01-05T02:00:00Z,u\ns1,2026-01-05T04:00:00Z,u\ns2,2026-01-06T04:00:00Z,v\n");
        File.WriteAllText(At("monday.csv"), "entity,at,spend\nu,2026-01-05T00:00:00Z,12.5\n");
        File.WriteAllText(At("tuesday.csv"), "entity,at,spend\nu,2026-01-06T00:00:00Z,7\nv,2026-01-06T00:00:00Z,3\n");
        File.Copy(At("tuesday.csv"), At("tastes.csv"));
    }

    private void WritePrograms()
    {
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path ? path : "dotnet";
        Directory.CreateDirectory(Programs);
        ShellScript.Write(System.IO.Path.Combine(Programs, "grid"), $"""
            #!/usr/bin/env bash
            exec "{Programs}/dotnet" "{Repository.Root}/client/Grid.Cli/bin/{Configuration}/{Framework}/Grid.Cli.dll" "$@"
            """);
        File.CreateSymbolicLink(At("grid"), System.IO.Path.Combine(Programs, "grid"));
        ShellScript.Write(System.IO.Path.Combine(Programs, "dotnet"), $$"""
            #!/usr/bin/env bash
            # Stands in for dotnet: what it would build was built with the tests.
            set -euo pipefail
            export PATH="${PATH#*:}"
            real="$(readlink -f "$(command -v '{{host}}')")"
            export DOTNET_ROOT="${DOTNET_ROOT:-$(dirname "$real")}"
            case "$1" in
              run)
                [ "$2 $3 $4" = "-c Release --project" ] || { echo "dotnet run: expected '-c Release --project', found '$2 $3 $4'" >&2; exit 64; }
                projects=("{{Repository.Root}}/$5/"*.csproj)
                program="{{Repository.Root}}/$5/bin/{{Configuration}}/{{Framework}}/$(basename "${projects[0]}" .csproj)"
                shift 5
                [ "${1:-}" != -- ] || shift
                exec "$program" "$@" ;;
              test)
                project="$3"
                shift 3
                cd "{{Repository.Root}}"
                exec "$real" test --project "$project" --no-build -c {{Configuration}} "$@" ;;
              *) exec "$real" "$@" ;;
            esac
            """);
    }

    private string At(string relative) => System.IO.Path.Combine(Path, relative);

    private void Link(string name, string target)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(At(name))!);
        Directory.CreateSymbolicLink(At(name), target);
    }

    [GeneratedRegex("asking again|retry", RegexOptions.IgnoreCase)]
    private static partial Regex AskAgain();
}
