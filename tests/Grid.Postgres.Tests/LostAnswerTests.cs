using System.Net;
using System.Net.Sockets;

using Npgsql;

namespace Grid.Postgres.Tests;

/// <summary>The server commits, and its answer never arrives.</summary>
public sealed class LostAnswerTests(Databases databases)
{
    [Fact]
    public async Task A_commit_whose_answer_was_lost_has_an_unknown_outcome_and_is_there()
    {
        var database = await databases.CreateAsync();
        await using var relay = new Relay(new NpgsqlConnectionStringBuilder(database).Port);
        var through = new NpgsqlConnectionStringBuilder(database) { Port = relay.Port }.ConnectionString;
        await using var log = await Logs.OpenAsync(through, options => new() { ConnectionString = options.ConnectionString, Lanes = 1 });
        var writer = log.WriterOf(Logs.Card, 0);
        await writer.AppendAsync("answered");

        relay.HoldAnswers();
        var append = writer.AppendAsync("answer lost");
        while (await Sql.ScalarAsync<long>(database, "select count(*) from grid_log.events") < 2)
        {
            await Task.Yield();
        }

        Assert.False(append.IsCompleted);
        relay.Cut();

        Assert.True((await Assert.ThrowsAsync<LogUnavailableException>(() => append)).OutcomeUnknown);
        await Assert.ThrowsAsync<LogUnavailableException>(() => writer.AppendAsync("must not stand on it"));
        var history = await log.ReadAsync(Logs.Card, default);
        Assert.Equal(["answered", "answer lost"], history.Rows.Texts());
        await log.WriterOf(Logs.Card, history.Version).AppendAsync("goes on");
    }

    /// <summary>Stands between the log and the server, and can hold what the server says.</summary>
    private sealed class Relay : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly List<TcpClient> _open = [];
        private readonly Lock _lock = new();
        private readonly int _server;
        private readonly Task _accepting;
        private volatile bool _holds;

        public Relay(int server)
        {
            _server = server;
            _listener.Start();
            _accepting = AcceptAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public void HoldAnswers() => _holds = true;

        /// <summary>Breaks every connection, and lets later ones through again.</summary>
        public void Cut()
        {
            lock (_lock)
            {
                _open.ForEach(client => client.Dispose());
                _open.Clear();
            }

            _holds = false;
        }

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _accepting;
            Cut();
        }

        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                {
                    var client = await _listener.AcceptTcpClientAsync();
                    var server = new TcpClient();
                    await server.ConnectAsync(IPAddress.Loopback, _server);
                    lock (_lock)
                    {
                        _open.AddRange([client, server]);
                    }

                    _ = CopyAsync(client, server, () => false);
                    _ = CopyAsync(server, client, () => _holds);
                }
            }
            catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }

        private static async Task CopyAsync(TcpClient from, TcpClient to, Func<bool> holds)
        {
            try
            {
                var buffer = new byte[8_192];
                while (await from.GetStream().ReadAsync(buffer) is > 0 and var count)
                {
                    if (!holds())
                    {
                        await to.GetStream().WriteAsync(buffer.AsMemory(0, count));
                    }
                }
            }
            catch (Exception cut) when (cut is IOException or ObjectDisposedException or InvalidOperationException)
            {
                // The connection was cut.
            }
        }
    }
}
