using System.Net;
using FlowChat.Gateways.OutboundHttp;

namespace FlowChat.Tests.Gateways;

public sealed class AddressPolicyTests
{
    [Theory]
    [InlineData("8.8.8.8", AddressReach.Public)]
    [InlineData("172.32.0.1", AddressReach.Public)]
    [InlineData("172.15.255.255", AddressReach.Public)]
    [InlineData("100.63.255.255", AddressReach.Public)]
    [InlineData("100.128.0.1", AddressReach.Public)]
    [InlineData("192.167.0.1", AddressReach.Public)]
    [InlineData("223.255.255.255", AddressReach.Public)]
    [InlineData("2606:4700::1111", AddressReach.Public)]
    [InlineData("::ffff:8.8.8.8", AddressReach.Public)]
    [InlineData("64:ff9b::808:808", AddressReach.Public)]
    [InlineData("2002:808:808::1", AddressReach.Public)]
    [InlineData("127.0.0.1", AddressReach.Private)]
    [InlineData("127.255.255.254", AddressReach.Private)]
    [InlineData("10.0.0.0", AddressReach.Private)]
    [InlineData("10.255.255.255", AddressReach.Private)]
    [InlineData("172.16.0.1", AddressReach.Private)]
    [InlineData("172.31.255.255", AddressReach.Private)]
    [InlineData("192.168.1.1", AddressReach.Private)]
    [InlineData("100.64.0.1", AddressReach.Private)]
    [InlineData("198.19.255.255", AddressReach.Private)]
    [InlineData("::1", AddressReach.Private)]
    [InlineData("::127.0.0.1", AddressReach.Private)]
    [InlineData("::ffff:127.0.0.1", AddressReach.Private)]
    [InlineData("::ffff:0:10.0.0.1", AddressReach.Private)]
    [InlineData("64:ff9b::10.0.0.1", AddressReach.Private)]
    [InlineData("64:ff9b:1::1", AddressReach.Private)]
    [InlineData("2002:a00:1::1", AddressReach.Private)]
    [InlineData("fc00::1", AddressReach.Private)]
    [InlineData("fdff:ffff::1", AddressReach.Private)]
    [InlineData("fec0::1", AddressReach.Private)]
    [InlineData("0.0.0.0", AddressReach.Never)]
    [InlineData("0.1.2.3", AddressReach.Never)]
    [InlineData("169.254.169.254", AddressReach.Never)]
    [InlineData("169.254.170.2", AddressReach.Never)]
    [InlineData("100.100.100.200", AddressReach.Never)]
    [InlineData("168.63.129.16", AddressReach.Never)]
    [InlineData("192.0.0.192", AddressReach.Never)]
    [InlineData("224.0.0.1", AddressReach.Never)]
    [InlineData("239.255.255.255", AddressReach.Never)]
    [InlineData("240.0.0.1", AddressReach.Never)]
    [InlineData("255.255.255.255", AddressReach.Never)]
    [InlineData("::", AddressReach.Never)]
    [InlineData("fe80::1", AddressReach.Never)]
    [InlineData("fe80::1%1", AddressReach.Never)]
    [InlineData("febf::1", AddressReach.Never)]
    [InlineData("ff02::1", AddressReach.Never)]
    [InlineData("fd00:ec2::254", AddressReach.Never)]
    [InlineData("fd20:ce::254", AddressReach.Never)]
    [InlineData("::ffff:169.254.169.254", AddressReach.Never)]
    [InlineData("::ffff:0.0.0.0", AddressReach.Never)]
    [InlineData("::169.254.169.254", AddressReach.Never)]
    [InlineData("64:ff9b::a9fe:a9fe", AddressReach.Never)]
    [InlineData("2002:a9fe:a9fe::", AddressReach.Never)]
    [InlineData("2001:0:4136:e378:8000:63bf:3fff:fdd2", AddressReach.Never)]
    internal void Every_range_is_known_in_every_spelling(string address, AddressReach reach) =>
        Assert.Equal(reach, AddressRanges.ReachOf(IPAddress.Parse(address)));

    [Theory]
    [InlineData(null, "gateway", "10.0.0.7", true)]
    [InlineData("*", "gateway", "10.0.0.7", true)]
    [InlineData("", "gateway", "10.0.0.7", false)]
    [InlineData("gateway", "gateway", "10.0.0.7", true)]
    [InlineData("Gateway.", "GATEWAY", "10.0.0.7", true)]
    [InlineData("gateway", "gateway.", "10.0.0.7", true)]
    [InlineData("gateway", "other", "10.0.0.7", false)]
    [InlineData("gateway", "evil-gateway", "10.0.0.7", false)]
    [InlineData("gateway", "gateway.evil.example", "10.0.0.7", false)]
    [InlineData("10.0.0.7", "10.0.0.7", "10.0.0.7", true)]
    [InlineData("::1", "[::1]", "::1", true)]
    [InlineData("", "gateway", "8.8.8.8", true)]
    [InlineData("", "gateway", "::ffff:10.0.0.7", false)]
    [InlineData(null, "gateway", "169.254.169.254", false)]
    [InlineData("*", "gateway", "169.254.169.254", false)]
    [InlineData("metadata", "metadata", "fd00:ec2::254", false)]
    public void Private_addresses_need_their_host_to_be_listed_and_metadata_is_never_reached(
        string? privateHosts,
        string host,
        string address,
        bool isAllowed
    )
    {
        var policy = new AddressPolicy(
            privateHosts?.Split(',', StringSplitOptions.RemoveEmptyEntries)
        );

        Assert.Equal(isAllowed, policy.Allows(host, IPAddress.Parse(address)));
    }
}
