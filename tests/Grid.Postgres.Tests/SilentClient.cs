using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

using Npgsql;

namespace Grid.Postgres.Tests;

/// <summary>
/// A client of PostgreSQL's own protocol that sends a statement and then nothing more, not even the end of the transaction: what the server sees of a
/// process that is stopped while it sends.
/// </summary>
internal sealed class SilentClient : IDisposable
{
    private readonly TcpClient _tcp = new();

    /// <summary>Connects, has a statement executed, and falls silent.</summary>
    public static async Task<SilentClient> StartAsync(string database, string sql)
    {
        var settings = new NpgsqlConnectionStringBuilder(database);
        var client = new SilentClient();
        await client._tcp.ConnectAsync(settings.Host!, settings.Port);
        var stream = client._tcp.GetStream();
        await stream.WriteAsync(Message(null, [0, 3, 0, 0, .. Text("user"), .. Text(settings.Username!), .. Text("database"), .. Text(settings.Database!), 0]));
        await UntilAsync(stream, 'Z');
        byte[] parse = Message('P', [.. Text(""), .. Text(sql), 0, 0]);
        byte[] bind = Message('B', [.. Text(""), .. Text(""), 0, 0, 0, 0, 0, 0]);
        byte[] execute = Message('E', [.. Text(""), 0, 0, 0, 0]);
        await stream.WriteAsync((byte[])[.. parse, .. bind, .. execute, .. Message('H', [])]);
        await UntilAsync(stream, 'C'); // The statement is complete, and its transaction open: no Sync was sent.
        return client;
    }

    public void Dispose() => _tcp.Dispose();

    private static async Task UntilAsync(NetworkStream stream, char wanted)
    {
        var head = new byte[5];
        while (true)
        {
            await stream.ReadExactlyAsync(head);
            var body = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1)) - 4];
            await stream.ReadExactlyAsync(body);
            if (head[0] == 'E')
            {
                throw new InvalidOperationException($"The server refused: {Encoding.UTF8.GetString(body)}");
            }

            if (head[0] == wanted)
            {
                return;
            }
        }
    }

    private static byte[] Message(char? type, byte[] body)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, body.Length + 4);
        return type is { } letter ? [(byte)letter, .. length, .. body] : [.. length, .. body];
    }

    private static byte[] Text(string text) => [.. Encoding.UTF8.GetBytes(text), 0];
}
