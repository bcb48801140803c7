using System.Diagnostics;
using System.Globalization;

using Grid.Postgres;
using Grid.Testing;

using EventLog = Grid.Postgres.EventLog;

namespace Grid.Benchmarks;

/// <summary>Rows per second through the event log, from this process to a PostgreSQL server of its own on the same machine, acknowledged on disk.</summary>
internal static class PostgresLog
{
    private const int BodyBytes = 120;
    private const int Pack = 64;

    private static readonly (string Name, int Callers, int Lanes, bool Tells)[] Loads =
    [
        ("1 caller", 1, 2, false), ("256 callers", 256, 2, false), ("2,048 callers", 2_048, 2, false),
        ("2,048 callers, 1 lane", 2_048, 1, false), ("2,048 callers, 4 lanes", 2_048, 4, false), ("2,048 callers, every row told, 64 heard in one", 2_048, 2, true),
    ];

    public static async Task RunAsync(int seconds, Scale scale)
    {
        foreach (var (name, callers, lanes, tells) in scale.Pick(
            full: Loads, smoke: [("1 caller", 1, 2, false), ("16 callers, every row told", 16, 2, true)]))
        {
            using var server = PostgresServer.Start("shared_buffers=512MB", "max_wal_size=8GB");
            await EventLog.CreateAsync(server.ConnectionString, default);
            await using var log = await EventLog.OpenAsync(new() { ConnectionString = server.ConnectionString, Lanes = lanes }, TimeProvider.System, null, default);
            var load = new Load(log, scale.Pick(full: 100_000, smoke: 1_000), callers, tells);
            await load.RunAsync(TimeSpan.FromSeconds(Math.Max(1, seconds / 4))); // every entity's first touch, and the server's own warming up
            var before = server.CpuTime;
            var figures = await load.RunAsync(TimeSpan.FromSeconds(seconds));
            Report(name, figures, server.CpuTime - before);
        }
    }

    private static void Report(string name, Figures figures, TimeSpan server)
    {
        var (rows, elapsed, cpu, allocated, latencies) = figures;
        latencies.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"pglog {name}: {rows / elapsed.TotalSeconds:0} rows a second; p50 {At(0.5):0.00} ms, p99 {At(0.99):0.00} ms; CPU a row {cpu.TotalMicroseconds / rows:0.0} us here and {server.TotalMicroseconds / rows:0.0} us in the server; {(double)allocated / rows:0} bytes allocated a row"));

        double At(double share) => latencies[(int)(share * (latencies.Count - 1))];
    }

    private sealed class Load(EventLog log, int entities, int callers, bool tells)
    {
        private readonly EntityWriter[] _writers = [.. Enumerable.Range(0, entities).Select(i => log.WriterOf(new("card", (4_000_000 + i).ToString(CultureInfo.InvariantCulture)), 0))];
        private readonly EntityWriter[] _hearers = [.. Enumerable.Range(0, callers).Select(i => log.WriterOf(new("terminal", i.ToString(CultureInfo.InvariantCulture)), 0))];
        private readonly List<RowId>[] _told = [.. Enumerable.Range(0, callers).Select(_ => new List<RowId>())];
        private int _run;

        public async Task<Figures> RunAsync(TimeSpan duration)
        {
            _run++;
            var (cpu, allocated, started) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(), Stopwatch.GetTimestamp());
            var latencies = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => AppendAsync(caller, started, duration))));
            var elapsed = Stopwatch.GetElapsedTime(started);
            return new(
                latencies.Sum(each => each.Rows), elapsed, Environment.CpuUsage.TotalTime - cpu, GC.GetTotalAllocatedBytes() - allocated,
                [.. latencies.SelectMany(each => each.Milliseconds)]);
        }

        private async Task<(long Rows, List<double> Milliseconds)> AppendAsync(int caller, long started, TimeSpan duration)
        {
            var random = new Random((_run * 100_000) + caller);
            var body = new byte[BodyBytes];
            random.NextBytes(body);
            var (rows, latencies) = (0L, new List<double>());
            while (Stopwatch.GetElapsedTime(started) < duration)
            {
                // Each caller has entities of its own.
                var writer = _writers[(random.Next(entities / callers) * callers) + caller];
                var sent = Stopwatch.GetTimestamp();
                await Append(writer, body, (ulong)random.NextInt64(), caller);
                if (tells)
                {
                    HearOf(new(writer.Entity, writer.Version), caller);
                }

                if (rows++ % 64 == 0)
                {
                    latencies.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
                }
            }

            return (rows, latencies);
        }

        /// <summary>Each caller has a hearer, who writes a row of what it has heard now and then.</summary>
        private void HearOf(RowId row, int caller)
        {
            _told[caller].Add(row);
            if (_told[caller].Count == Pack)
            {
                var hearer = _hearers[caller];
                _ = hearer.AppendAsync(new()
                {
                    Version = hearer.Version + 1,
                    EventType = "heard",
                    IdHash = 0,
                    At = EventTime.FromUnixMilliseconds(1_700_000_000_000),
                    Body = new byte[Pack * BodyBytes / 2],
                    Takes = _told[caller],
                }).AsTask(); // Nobody waits for it.
                _told[caller] = [];
            }
        }

        private ValueTask<Appended> Append(EntityWriter writer, byte[] body, ulong id, int caller) => writer.AppendAsync(new LogRow
        {
            Version = writer.Version + 1,
            EventType = "transaction",
            IdHash = id,
            At = EventTime.FromUnixMilliseconds(1_700_000_000_000),
            Body = body,
            Tells = tells ? [_hearers[caller].Entity] : null,
        });
    }

    private sealed record Figures(long Rows, TimeSpan Elapsed, TimeSpan Cpu, long Allocated, List<double> Latencies);
}
