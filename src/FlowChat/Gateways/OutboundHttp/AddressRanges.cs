using System.Net;
using System.Net.Sockets;

namespace FlowChat.Gateways.OutboundHttp;

internal enum AddressReach
{
    Public,

    /// <summary>This machine or its networks.</summary>
    Private,

    /// <summary>Nobody's gateway: link-local, a cloud's metadata, multicast, unspecified, reserved.</summary>
    Never,
}

internal static class AddressRanges
{
    private static readonly IPNetwork[] NeverRanges =
    [
        IPNetwork.Parse("0.0.0.0/8"),
        // Link-local, and in it the metadata service of most clouds.
        IPNetwork.Parse("169.254.0.0/16"),
        // Alibaba's and Azure's metadata services, in ranges that are otherwise something else.
        IPNetwork.Parse("100.100.100.200/32"),
        IPNetwork.Parse("168.63.129.16/32"),
        // Protocol assignments, and in them Oracle's metadata service.
        IPNetwork.Parse("192.0.0.0/24"),
        IPNetwork.Parse("224.0.0.0/4"),
        IPNetwork.Parse("240.0.0.0/4"),
        IPNetwork.Parse("::/128"),
        IPNetwork.Parse("fe80::/10"),
        IPNetwork.Parse("ff00::/8"),
        // Amazon's and Google's metadata services.
        IPNetwork.Parse("fd00:ec2::254/128"),
        IPNetwork.Parse("fd20:ce::254/128"),
        // Teredo hides an IPv4 address behind a relay that nobody runs any more.
        IPNetwork.Parse("2001::/32"),
    ];

    private static readonly IPNetwork[] PrivateRanges =
    [
        IPNetwork.Parse("10.0.0.0/8"),
        IPNetwork.Parse("100.64.0.0/10"),
        IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("198.18.0.0/15"),
        IPNetwork.Parse("::1/128"),
        IPNetwork.Parse("fc00::/7"),
        IPNetwork.Parse("fec0::/10"),
        IPNetwork.Parse("64:ff9b:1::/48"),
    ];

    // An IPv6 address that stands for an IPv4 one: which bytes hold it.
    private static readonly (IPNetwork Range, int Offset)[] Embeddings =
    [
        (IPNetwork.Parse("::ffff:0:0/96"), 12),
        (IPNetwork.Parse("::ffff:0:0:0/96"), 12),
        (IPNetwork.Parse("64:ff9b::/96"), 12),
        (IPNetwork.Parse("2002::/16"), 2),
    ];

    private static readonly IPNetwork IPv4Compatible = IPNetwork.Parse("::/96");

    public static AddressReach ReachOf(IPAddress address)
    {
        if (NeverRanges.Any(range => range.Contains(address)))
            return AddressReach.Never;
        if (PrivateRanges.Any(range => range.Contains(address)))
            return AddressReach.Private;
        return Embedded(address) is { } inner ? ReachOf(inner) : AddressReach.Public;
    }

    private static IPAddress? Embedded(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return null;
        var bytes = address.GetAddressBytes();
        foreach (var (range, offset) in Embeddings)
        {
            if (range.Contains(address))
                return new IPAddress(bytes.AsSpan(offset, 4));
        }

        return IPv4Compatible.Contains(address) ? new IPAddress(bytes.AsSpan(12, 4)) : null;
    }
}
