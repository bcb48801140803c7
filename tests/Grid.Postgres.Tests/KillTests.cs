using System.Globalization;

using Grid.Testing;

namespace Grid.Postgres.Tests;

/// <summary>The server is killed under load, several times, while one log stays open.</summary>
public sealed class KillTests
{
    private const int Kills = 4;
    private const int Workers = 24;

    [Fact]
    public async Task Killed_under_load_it_has_lost_nothing_acknowledged_and_holds_nothing_refused_or_twice()
    {
        Assert.SkipWhen(PostgresServer.Absent is not null, PostgresServer.Absent ?? "");
        using var server = PostgresServer.Start();
        await EventLog.CreateAsync(server.ConnectionString, default);
        await using var log = await Logs.OpenAsync(server.ConnectionString);
        var load = new Load(log);

        var working = Enumerable.Range(0, Workers).Select(worker => Task.Run(() => load.WorkAsync(worker))).ToList();
        var random = new Random(2026);
        for (var kill = 0; kill < Kills; kill++)
        {
            await load.WaitForAsync(random.Next(300, 1_500)); // It works again, each time, without being opened anew.
            server.Kill();
            server.Restart();
        }

        await load.WaitForAsync(500);
        load.Stop();
        await Task.WhenAll(working);

        var there = 0;
        for (var worker = 0; worker < Workers; worker++)
        {
            var history = await log.ReadAsync(Load.EntityOf(worker), default);
            there += history.Rows.Count;
            load.Check(history);
        }

        Assert.True(load.Unknown > 0, "No kill met a commit: nothing was tried.");
        Assert.Equal(there, await Sql.ScalarAsync<long>(server.ConnectionString + ";Pooling=false", "select count(*) from grid_log.events"));
        TestContext.Current.SendDiagnosticMessage(
            $"{there} rows, {load.Unknown} of unknown outcome of which {load.UnknownThere} were there, {load.Refused} refused, {Kills} kills.");
    }

    /// <summary>Workers, each with an entity of its own, that note how each of their rows ended.</summary>
    private sealed class Load(EventLog log)
    {
        private readonly Dictionary<string, string> _ends = [];
        private readonly Lock _lock = new();
        private TaskCompletionSource? _reached;
        private int _left;
        private volatile bool _stopped;

        public int Unknown => _ends.Values.Count(end => end == "unknown");

        public int Refused => _ends.Values.Count(end => end == "refused");

        public int UnknownThere { get; private set; }

        public static EntityId EntityOf(int worker) => new("card", worker.ToString(CultureInfo.InvariantCulture));

        public void Stop() => _stopped = true;

        public Task WaitForAsync(int acknowledged)
        {
            lock (_lock)
            {
                (_left, _reached) = (acknowledged, new(TaskCreationOptions.RunContinuationsAsynchronously));
                return _reached.Task.InTime();
            }
        }

        public async Task WorkAsync(int worker)
        {
            for (var life = 0; !_stopped; life++)
            {
                try
                {
                    var history = await log.ReadAsync(EntityOf(worker), default);
                    await AppendAsync(log.WriterOf(EntityOf(worker), history.Version), $"{worker}-{life}");
                }
                catch (LogUnavailableException)
                {
                    await Task.Yield();
                }
            }
        }

        public void Check(EntityHistory history)
        {
            var names = history.Rows.Texts();
            Assert.Equal(names.Length, names.Distinct().Count());
            foreach (var name in names)
            {
                Assert.True(_ends[name] is "acknowledged" or "unknown", $"Row {name} is there, and was {_ends[name]}.");
                UnknownThere += _ends[name] == "unknown" ? 1 : 0;
            }

            var mine = history.Entity.Key + "-";
            Assert.Subset(names.ToHashSet(), _ends.Where(end => end.Value == "acknowledged" && end.Key.StartsWith(mine, StringComparison.Ordinal)).Select(end => end.Key).ToHashSet());
        }

        private async Task AppendAsync(EntityWriter writer, string life)
        {
            for (var number = 0; !_stopped; number++)
            {
                // Two at a time, so that one may stand on another that fails.
                var (first, second) = (Named($"{life}-{number}a"), Named($"{life}-{number}b"));
                await first;
                await second;
            }

            async Task Named(string name)
            {
                try
                {
                    await writer.AppendAsync(name);
                    End(name, "acknowledged");
                }
                catch (LogUnavailableException failure)
                {
                    End(name, failure.OutcomeUnknown ? "unknown" : "refused");
                    throw;
                }
            }
        }

        private void End(string name, string end)
        {
            lock (_lock)
            {
                _ends.Add(name, end);
                if (end == "acknowledged" && --_left <= 0)
                {
                    _reached?.TrySetResult();
                }
            }
        }
    }
}
