using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Grid.Benchmarks;

/// <summary>
/// A closed loop of HTTP/1.1 requests over kept-alive connections, from prepared bytes: as little work on the client's side as can be, since
/// it shares the machine with the server. Answers other than 200 end the run, except as <see cref="TransientRetries"/> allows.
/// </summary>
internal sealed class HttpLoad(IPEndPoint server, int connections)
{
    /// <summary>
    /// How often a request that was answered with 503 or 504 is sent again: a cluster whose processes are still cold answers so
    /// under load. 0 by default.
    /// </summary>
    public int TransientRetries { get; set; }

    /// <summary>CPU time of this process in the last run, client and server together, a request.</summary>
    public double CpuMicroseconds { get; private set; }

    /// <summary>Sends every request once, and returns how many were answered per second.</summary>
    /// <param name="requests">Whole requests, heads and bodies; connection <c>i</c> sends those at <c>i, i + connections, …</c>.</param>
    public async Task<double> RunAsync(IReadOnlyList<byte[]> requests)
    {
        var sockets = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => ConnectAsync()));
        var (started, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        await Task.WhenAll(sockets.Select((socket, i) => Task.Run(() => DriveAsync(socket, requests, i))));
        var elapsed = Stopwatch.GetElapsedTime(started);
        CpuMicroseconds = (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / requests.Count;
        foreach (var socket in sockets)
        {
            socket.Dispose();
        }

        return requests.Count / elapsed.TotalSeconds;
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server);
        return socket;
    }

    private async Task DriveAsync(Socket socket, IReadOnlyList<byte[]> requests, int first)
    {
        var buffer = new byte[16 * 1024];
        for (var i = first; i < requests.Count; i += connections)
        {
            var length = await AskAsync(socket, requests[i], buffer);
            for (var retries = 0; retries < TransientRetries && IsTransient(buffer.AsSpan(0, length)); retries++)
            {
                length = await AskAsync(socket, requests[i], buffer);
            }

            if (!buffer.AsSpan(0, length).StartsWith("HTTP/1.1 200 "u8))
            {
                throw new IOException("The server answered: " + System.Text.Encoding.UTF8.GetString(buffer.AsSpan(0, length)));
            }
        }
    }

    /// <summary>Sends one request and reads its answer.</summary>
    /// <returns>The length of the answer.</returns>
    private static async Task<int> AskAsync(Socket socket, byte[] request, byte[] buffer)
    {
        await socket.SendAsync(request.AsMemory(), SocketFlags.None);
        var received = 0;
        int length;
        do
        {
            var more = await socket.ReceiveAsync(buffer.AsMemory(received), SocketFlags.None);
            if (more == 0)
            {
                throw new IOException("The server closed the connection.");
            }

            received += more;
            length = LengthOfAnswer(buffer.AsSpan(0, received));
        }
        while (length < 0 || received < length);
        return length;
    }

    private static bool IsTransient(ReadOnlySpan<byte> answer) =>
        answer.StartsWith("HTTP/1.1 503 "u8) || answer.StartsWith("HTTP/1.1 504 "u8);

    /// <summary>Length of head and body; -1 while the head is not whole, and more than there is while a chunked body is not.</summary>
    private static int LengthOfAnswer(ReadOnlySpan<byte> received)
    {
        var end = received.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return -1;
        }

        var head = received[..end];
        if (head.IndexOf("\r\nTransfer-Encoding: chunked"u8) >= 0)
        {
            return received.EndsWith("\r\n0\r\n\r\n"u8) ? received.Length : int.MaxValue;
        }

        var name = "\r\nContent-Length: "u8;
        var at = head.IndexOf(name);
        if (at < 0 || !Utf8Parser.TryParse(head[(at + name.Length)..], out int body, out _))
        {
            throw new IOException("The server gave no Content-Length.");
        }

        return end + 4 + body;
    }
}
