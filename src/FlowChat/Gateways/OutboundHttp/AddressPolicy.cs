using System.Net;
using System.Net.Sockets;

namespace FlowChat.Gateways.OutboundHttp;

/// <summary>Which addresses a request may reach, when people typed its URL.</summary>
/// <param name="privateHosts">Hosts that may be private; null or <c>*</c> = all.</param>
internal sealed class AddressPolicy(IReadOnlyCollection<string>? privateHosts)
{
    public const string Setting = "FLOWCHAT_PRIVATE_HOSTS";

    private static readonly TimeSpan LookUpTimeout = TimeSpan.FromSeconds(5);

    private readonly HashSet<string>? _privateHosts =
        privateHosts is null || privateHosts.Contains("*")
            ? null
            : privateHosts.Select(Normalize).ToHashSet(StringComparer.OrdinalIgnoreCase);

    public bool Allows(string host, IPAddress address) =>
        AddressRanges.ReachOf(address) switch
        {
            AddressReach.Public => true,
            AddressReach.Private => _privateHosts?.Contains(Normalize(host)) ?? true,
            _ => false,
        };

    /// <summary>Why a URL will never be called, as its host is known now; null = it may be, or nobody knows the host.</summary>
    public async Task<string?> RefusalOfAsync(Uri url, CancellationToken cancellationToken)
    {
        var host = url.IdnHost;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(LookUpTimeout);
        try
        {
            var addresses = await ResolveAsync(host, stop.Token);
            return addresses.Any(address => Allows(host, address))
                ? null
                : Refusal(host, addresses);
        }
        catch (Exception error)
            when (error is SocketException
                || (
                    error is OperationCanceledException
                    && !cancellationToken.IsCancellationRequested
                )
            )
        {
            return null;
        }
    }

    public static async Task<IPAddress[]> ResolveAsync(
        string host,
        CancellationToken cancellationToken
    ) =>
        IPAddress.TryParse(host, out var literal)
            ? [literal]
            : await Dns.GetHostAddressesAsync(host, cancellationToken);

    /// <summary>Why none of a host's addresses is allowed, and what to do.</summary>
    public static string Refusal(string host, IEnumerable<IPAddress> addresses) =>
        addresses.Any(address => AddressRanges.ReachOf(address) == AddressReach.Private)
            ? $"The host {host} is in a private network. Add it to {Setting} to allow it."
            : $"The host {host} has an address that is never called: link-local, metadata or multicast.";

    // A literal IPv6 host is in brackets in a URL; a name may end in the root's dot.
    private static string Normalize(string host) => host.Trim().Trim('[', ']').TrimEnd('.');
}
