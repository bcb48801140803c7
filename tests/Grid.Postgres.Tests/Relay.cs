using System.Net;
using System.Net.Sockets;

using Npgsql;

namespace Grid.Postgres.Tests;

/// <summary>Stands between the log and the server, and can hold back what the server says.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> _open = [];
    private readonly Lock _lock = new();
    private readonly int _server;
    private readonly Task _accepting;
    private TaskCompletionSource _lets = new();
    private TaskCompletionSource _asked = new();

    public Relay(int server)
    {
        _server = server;
        _lets.SetResult();
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How Npgsql reaches a database through it.</summary>
    public string Through(string database) => new NpgsqlConnectionStringBuilder(database) { Port = Port }.ConnectionString;

    /// <summary>Released at every connection that is made through it.</summary>
    public SemaphoreSlim Accepted { get; } = new(0);

    /// <summary>Holds back what the server says from now on.</summary>
    /// <returns>A task that ends when the server is asked something of which it then holds back the answer.</returns>
    public Task HoldAnswers()
    {
        _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _lets, new(TaskCreationOptions.RunContinuationsAsynchronously));
        return _asked.Task;
    }

    /// <summary>Lets through what was held back, and what comes after it.</summary>
    public void LetAnswers() => Volatile.Read(ref _lets).TrySetResult();

    /// <summary>Breaks every connection, and lets later ones through again.</summary>
    public void Cut()
    {
        lock (_lock)
        {
            _open.ForEach(client => client.Dispose());
            _open.Clear();
        }

        LetAnswers();
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
                Accepted.Release();
                var server = new TcpClient();
                await server.ConnectAsync(IPAddress.Loopback, _server);
                lock (_lock)
                {
                    _open.AddRange([client, server]);
                }

                _ = CopyAsync(client, server, () =>
                {
                    _asked.TrySetResult();
                    return Task.CompletedTask;
                });
                _ = CopyAsync(server, client, () => Volatile.Read(ref _lets).Task);
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private static async Task CopyAsync(TcpClient from, TcpClient to, Func<Task> pass)
    {
        try
        {
            var buffer = new byte[8_192];
            while (await from.GetStream().ReadAsync(buffer) is > 0 and var count)
            {
                await pass();
                await to.GetStream().WriteAsync(buffer.AsMemory(0, count));
            }
        }
        catch (Exception cut) when (cut is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The connection was cut.
        }
    }
}
