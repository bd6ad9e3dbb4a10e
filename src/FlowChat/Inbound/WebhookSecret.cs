using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace FlowChat.Inbound;

/// <summary>A webhook's secret: shown once, compared as a hash in constant time.</summary>
internal static class WebhookSecret
{
    public const string Prefix = "whs_";

    public static string New() =>
        Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>Whether one of the valid secrets was presented. Looks at all of them, and fails without any.</summary>
    public static bool Matches(string? presented, IReadOnlyList<byte[]> hashes)
    {
        var hash = Hash(presented ?? "");
        var matches = false;
        foreach (var valid in hashes)
        {
            matches |= CryptographicOperations.FixedTimeEquals(hash, valid);
        }
        return matches && presented is not null;
    }
}
