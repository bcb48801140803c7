using System.Net;
using System.Net.Sockets;

namespace Grid.EndToEnd.Tests.Documentation;

/// <summary>Finds ports of 127.0.0.1 that nobody listens on, for programs that must be told theirs.</summary>
internal static class FreePort
{
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
