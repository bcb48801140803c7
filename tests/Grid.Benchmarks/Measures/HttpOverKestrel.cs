using System.Diagnostics;
using System.Globalization;
using System.Net;

using Grid.Engine;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grid.Benchmarks;

/// <summary>Decisions per second over HTTP, committed, over a bare Kestrel endpoint that reads the same JSON and answers JSON, under the same load.</summary>
internal static class HttpOverKestrel
{
    private const int Connections = 256;
    private const string Path = "/v1/decisions/authorize";

    public static async Task RunAsync(int rounds, Scale scale)
    {
        var (requests, connections) = scale.Pick(full: (30_000, Connections), smoke: (300, 8));
        await using var fraud = new Fraud(Durability.Committed);
        await FillAsync(fraud, scale.Pick(full: 100_000, smoke: 1_000));
        await using var gateway = await StartAsync(fraud.Grid);
        var (bare, bareAddress) = await BareKestrel.StartAsync();
        await using var _ = bare;

        var ours = new HttpLoad(IPEndPoint.Parse(new Uri(gateway.Urls.Single()).Authority), connections);
        var theirs = new HttpLoad(bareAddress, connections);
        for (var warm = 0; warm < 4; warm++)
        {
            await ours.RunAsync(Prepare(100 + warm, requests));
            await theirs.RunAsync(Prepare(100 + warm, requests));
        }

        var (ratio, decisions, answers) = await Rounds.CompareAsync(
            scale.Rounds(rounds), round => ours.RunAsync(Prepare(round + 1, requests)), round => theirs.RunAsync(Prepare(round + 1, requests)));
        Rounds.Print("http_over_kestrel", ratio, $"{decisions:0} decisions a second over {answers:0} bare answers a second, {connections} connections; client and server together spend {ours.CpuMicroseconds:0} us of CPU a decision, {theirs.CpuMicroseconds:0} us a bare answer");
    }

    /// <summary>Decides over HTTP, and does nothing else, for so many seconds.</summary>
    public static async Task ProfileAsync(int seconds, Scale scale)
    {
        await using var fraud = new Fraud(Durability.Committed);
        await FillAsync(fraud, scale.Pick(full: 100_000, smoke: 1_000));
        await using var gateway = await StartAsync(fraud.Grid);
        var load = new HttpLoad(IPEndPoint.Parse(new Uri(gateway.Urls.Single()).Authority), Connections);
        var started = Stopwatch.GetTimestamp();
        for (var round = 0; Stopwatch.GetElapsedTime(started).TotalSeconds < seconds; round++)
        {
            var perSecond = await load.RunAsync(Prepare(round, scale.Pick(full: 30_000, smoke: 500)));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{perSecond:0} decisions a second, {load.CpuMicroseconds:0.0} us of CPU each, client and server"));
        }
    }

    private static async Task<WebApplication> StartAsync(EmbeddedGrid grid)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton<IGrid>(grid);
        builder.Services.AddGridGateway();
        var gateway = builder.Build();
        gateway.MapGridGateway();
        await gateway.StartAsync();
        return gateway;
    }

    private static Task FillAsync(Fraud fraud, int payments) =>
        fraud.FillAsync(Fraud.RandomPayments(1, payments, 5_000, 2_000, Fraud.Start, 38 * Fraud.Day / payments));

    private static List<byte[]> Prepare(int round, int count)
    {
        var random = new Random(round);
        var start = Fraud.Start + (38 * Fraud.Day) + (round * Fraud.Day / 10);
        return [.. Enumerable.Range(0, count).Select(i => HttpRequests.Post(Path, string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"transaction_id":"h{{round}}-{{i}}","at":"{{EventTime.FromUnixMilliseconds(start + (i * 200))}}","card":"c{{random.Next(5_000)}}","terminal":"t{{random.Next(2_000)}}","amount":{{random.Next(1, 30_000) / 100m}}}""")))];
    }
}
