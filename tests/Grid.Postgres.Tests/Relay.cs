using System.Net;
using System.Net.Sockets;

namespace Grid.Postgres.Tests;

/// <summary>Stands between the log and the server, and can hold what the server says.</summary>
internal sealed class Relay : IAsyncDisposable
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

    /// <summary>Released at every connection that is made through it.</summary>
    public SemaphoreSlim Accepted { get; } = new(0);

    public void HoldAnswers() => _holds = true;

    /// <summary>Lets through what the server says from now on; what it said before stays lost.</summary>
    public void LetAnswers() => _holds = false;

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
