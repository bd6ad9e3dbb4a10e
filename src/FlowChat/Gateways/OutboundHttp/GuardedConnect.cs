using System.Net.Sockets;

namespace FlowChat.Gateways.OutboundHttp;

/// <summary>Resolves a host, drops the addresses that the policy refuses and connects to one of the others.</summary>
/// <remarks>The address that was judged is the one that is connected to: a second look-up could answer otherwise.</remarks>
internal sealed class GuardedConnect(AddressPolicy policy)
{
    public async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context,
        CancellationToken cancellationToken
    )
    {
        var host = context.DnsEndPoint.Host;
        var addresses = await AddressPolicy.ResolveAsync(host, cancellationToken);
        var allowed = addresses.Where(address => policy.Allows(host, address)).ToArray();
        if (allowed.Length == 0)
            throw new AddressRefusedException(AddressPolicy.Refusal(host, addresses));

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>The request never left: its host is one that may not be called.</summary>
internal sealed class AddressRefusedException(string message, Exception? inner = null)
    : HttpRequestException(HttpRequestError.ConnectionError, message, inner);
