using System.CommandLine;
using System.Globalization;
using Grid.Client;
using Grid.Simulation.Eats;

namespace Grid.Cli.Commands;

/// <summary><c>grid simulate eats</c>: a made-up city of restaurants, users and couriers, into a file or into a grid that is served.</summary>
internal static class SimulateEatsCommand
{
    public static Command Build(Terminal terminal)
    {
        var defaults = new CitySimulationOptions();
        var path = new Option<string?>("--out") { Description = "The CSV file to write; compressed where its name ends in .gz.", HelpName = "file" };
        var url = new Option<string?>("--url") { Description = "Where the grid is served that the events are told to, in place of a file.", HelpName = "address" };
        var apiKey = CommonOptions.ApiKey();
        var restaurants = SimulateCommand.Number("--restaurants", "How many restaurants.", defaults.Restaurants);
        var users = SimulateCommand.Number("--users", "How many users.", defaults.Users);
        var couriers = SimulateCommand.Number("--couriers", "How many couriers.", defaults.Couriers);
        var days = SimulateCommand.Number("--days", "How many days.", defaults.Days);
        var seed = new Option<ulong>("--seed") { Description = "Names one city and its whole stream.", HelpName = "number", DefaultValueFactory = _ => defaults.Seed };
        var start = new Option<string>("--start") { Description = "The first day.", HelpName = "date", DefaultValueFactory = _ => defaults.Start.ToString("O", CultureInfo.InvariantCulture) };
        var eats = new Command("eats", "A city of restaurants, users with tastes and couriers: searches and what they showed, orders, ratings, positions.")
        {
            path, url, apiKey, restaurants, users, couriers, days, seed, start,
        };
        eats.SetAction(async (given, cancellation) =>
        {
            if (given.GetValue(path) is null == given.GetValue(url) is null)
            {
                throw new UsageException("The events go either to a file (--out) or to a grid that is served (--url).");
            }

            var options = new CitySimulationOptions
            {
                Restaurants = given.GetValue(restaurants),
                Users = given.GetValue(users),
                Couriers = given.GetValue(couriers),
                Days = given.GetValue(days),
                Seed = given.GetValue(seed),
                Start = SimulateCommand.FirstDay(given.GetValue(start)!),
            };
            if (options is not { Restaurants: >= 1, Users: >= 1, Couriers: >= 1, Days: >= 0 and <= 3_650, Start.Year: >= 1970 and <= 9_000 })
            {
                throw new UsageException("Expected at least 1 restaurant, 1 user, 1 courier, 0 to 3650 days and a first day from 1970 to 9000.");
            }

            var events = CitySimulation.Events(options);
            if (given.GetValue(path) is { } file)
            {
                terminal.Out.WriteLine($"{CityCsv.WriteFile(file, events, cancellation)} rows written to {file}.");
                return GridCommand.CodeOf(good: true);
            }

            using var grid = await CommonOptions.ConnectAsync(given.GetValue(url)!, given.GetValue(apiKey), cancellation);
            return await SendAsync(grid, events, terminal, cancellation);
        });
        return eats;
    }

    // A day at a time, and a type at a time: what comes later in a day may be told earlier, for features go by when things happened.
    private static async Task<int> SendAsync(GridClient grid, IEnumerable<CityEvent> stream, Terminal terminal, CancellationToken cancellation)
    {
        var (accepted, duplicates, rejected) = (0L, 0L, 0L);
        var day = new List<CityEvent>();
        foreach (var happened in stream.Where(happened => happened.Type != CityEvent.Shown))
        {
            if (day is [var first, ..] && first.At.Date != happened.At.Date)
            {
                await SendDayAsync();
            }

            day.Add(happened);
        }

        await SendDayAsync();
        terminal.Out.WriteLine($"{accepted} events accepted, {duplicates} duplicates, {rejected} rejected.");
        return GridCommand.CodeOf(rejected == 0);

        async Task SendDayAsync()
        {
            foreach (var type in day.GroupBy(happened => happened.Type))
            {
                var told = await grid.IngestManyAsync(type.Key, type.Select(happened => happened.ToEvent()), cancellation);
                (accepted, duplicates, rejected) = (accepted + told.Accepted, duplicates + told.Duplicates, rejected + told.RejectedCount);
                foreach (var line in told.Rejected.Take(1))
                {
                    terminal.Error.WriteLine($"{type.Key}: {line.ValidationError}");
                }
            }

            day.Clear();
        }
    }
}
