using System.CommandLine;
using System.Globalization;
using Grid.Client;
using Grid.Simulation.Fraud;

namespace Grid.Cli.Commands;

/// <summary><c>grid simulate</c>, and <c>grid simulate fraud</c>: the Handbook's simulated card payments, into a file or into a grid that is served.</summary>
internal static class SimulateCommand
{
    private const long ReportDelay = 7 * 86_400_000L;

    public static Command Build(Terminal terminal)
    {
        var defaults = new FraudSimulationOptions();
        var path = new Option<string?>("--out") { Description = "The CSV file to write; compressed where its name ends in .gz.", HelpName = "file" };
        var url = new Option<string?>("--url") { Description = "Where the grid is served that the payments are told to, in place of a file.", HelpName = "address" };
        var apiKey = CommonOptions.ApiKey();
        var customers = Number("--customers", "How many customers, each with one card.", defaults.Customers);
        var terminals = Number("--terminals", "How many terminals.", defaults.Terminals);
        var days = Number("--days", "How many days.", defaults.Days);
        var seed = new Option<ulong>("--seed") { Description = "Names one world and its whole stream.", HelpName = "number", DefaultValueFactory = _ => defaults.Seed };
        var start = new Option<string>("--start") { Description = "The first day.", HelpName = "date", DefaultValueFactory = _ => defaults.Start.ToString("O", CultureInfo.InvariantCulture) };
        var fraud = new Command("fraud", "Customers, terminals and three kinds of fraud, as the Fraud Detection Handbook simulates them.")
        {
            path, url, apiKey, customers, terminals, days, seed, start,
        };
        fraud.SetAction(async (given, cancellation) =>
        {
            if (given.GetValue(path) is null == given.GetValue(url) is null)
            {
                throw new UsageException("The payments go either to a file (--out) or to a grid that is served (--url).");
            }

            var options = Options(given.GetValue(customers), given.GetValue(terminals), given.GetValue(days), given.GetValue(seed), given.GetValue(start)!);
            var payments = FraudSimulation.Transactions(options);
            if (given.GetValue(path) is { } file)
            {
                var written = HandbookCsv.WriteFile(file, payments, options.Start, cancellation);
                terminal.Out.WriteLine($"{written} transactions written to {file}.");
                return GridCommand.CodeOf(good: true);
            }

            using var grid = await CommonOptions.ConnectAsync(given.GetValue(url)!, given.GetValue(apiKey), cancellation);
            return await SendAsync(grid, payments, terminal, cancellation);
        });
        return new("simulate", "Makes a stream of events to try the grid with.") { fraud, SimulateEatsCommand.Build(terminal) };
    }

    internal static Option<int> Number(string name, string description, int value) =>
        new(name) { Description = description, HelpName = "number", DefaultValueFactory = _ => value };

    private static FraudSimulationOptions Options(int customers, int terminals, int days, ulong seed, string start)
    {
        if (customers < 1 || terminals < 2 || days is < 0 or > 36_500)
        {
            throw new UsageException("Expected at least 1 customer, 2 terminals and 0 to 36500 days.");
        }

        return new() { Customers = customers, Terminals = terminals, Days = days, Seed = seed, Start = FirstDay(start), CompromisedCardsPerDay = Math.Min(3, customers) };
    }

    internal static DateOnly FirstDay(string start) =>
        DateOnly.TryParseExact(start, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first)
            ? first
            : throw new UsageException($"--start: '{start}' is no date; expected one such as 2018-04-01.");

    // Payments first, then what is known of them by the end of the stream: a report comes a week after its payment.
    private static async Task<int> SendAsync(GridClient grid, IEnumerable<SimulatedTransaction> stream, Terminal terminal, CancellationToken cancellation)
    {
        List<(long Id, long Known)> frauds = [];
        var newest = 0L;
        var paid = await grid.IngestManyAsync("transaction", Payments(), cancellation);
        var told = await grid.IngestManyAsync("fraud_report", frauds.Where(fraud => fraud.Known <= newest).Select(Report), cancellation);

        terminal.Out.WriteLine($"{paid.Accepted} transactions accepted, {paid.Duplicates} duplicates, {paid.RejectedCount} rejected.");
        terminal.Out.WriteLine($"{told.Accepted} fraud reports accepted, {told.Duplicates} duplicates, {told.RejectedCount} rejected.");
        foreach (var line in paid.Rejected.Concat(told.Rejected).Take(5))
        {
            terminal.Error.WriteLine(line.ValidationError);
        }

        return GridCommand.CodeOf(paid.RejectedCount + told.RejectedCount == 0);

        IEnumerable<Event> Payments()
        {
            foreach (var payment in stream)
            {
                newest = payment.At.ToUnixTimeMilliseconds();
                if (payment.Fraud)
                {
                    frauds.Add((payment.TransactionId, newest + ReportDelay));
                }

                yield return new("transaction", 5)
                {
                    ["transaction_id"] = Text(payment.TransactionId),
                    ["at"] = payment.At,
                    ["card"] = Text(payment.CustomerId),
                    ["terminal"] = Text(payment.TerminalId),
                    ["amount"] = payment.Amount,
                };
            }
        }
    }

    private static Event Report((long Id, long Known) fraud) => new("fraud_report", 3)
    {
        ["transaction_id"] = Text(fraud.Id),
        ["at"] = EventTime.FromUnixMilliseconds(fraud.Known),
        ["is_fraud"] = true,
    };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
