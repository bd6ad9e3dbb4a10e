using System.Net;
using System.Net.Sockets;

namespace FlowChat.Testing.Servers;

/// <summary>
/// A port for a server that must be told one. From below the range out of which connections get theirs: one of those would
/// have it before the server listens, or while it is down.
/// </summary>
public static class FreePort
{
    private const int First = 12_000,
        Count = 20_000;

    // Another process begins elsewhere, and this one takes none twice.
    private static int taken = Random.Shared.Next(Count);

    public static int Take()
    {
        while (true)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref taken) % Count);
            if (IsFree(port))
                return port;
        }
    }

    public static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
