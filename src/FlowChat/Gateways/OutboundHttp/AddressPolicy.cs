using System.Net;

namespace FlowChat.Gateways.OutboundHttp;

/// <summary>Which addresses a request may reach, when people typed its URL.</summary>
/// <param name="privateHosts">Hosts that may be private; null or <c>*</c> = all.</param>
internal sealed class AddressPolicy(IReadOnlyCollection<string>? privateHosts)
{
    public const string Setting = "FLOWCHAT_PRIVATE_HOSTS";

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

    /// <summary>Why none of a host's addresses is allowed, and what to do.</summary>
    public static string Refusal(string host, IEnumerable<IPAddress> addresses) =>
        addresses.Any(address => AddressRanges.ReachOf(address) == AddressReach.Private)
            ? $"The host {host} is in a private network. Add it to {Setting} to allow it."
            : $"The host {host} has an address that is never called: link-local, metadata or multicast.";

    // A literal IPv6 host is in brackets in a URL; a name may end in the root's dot.
    private static string Normalize(string host) => host.Trim().Trim('[', ']').TrimEnd('.');
}
