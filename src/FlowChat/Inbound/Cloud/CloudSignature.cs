using System.Security.Cryptography;
using System.Text;

namespace FlowChat.Inbound.Cloud;

/// <summary>X-Hub-Signature-256: Meta signs the bytes of a webhook's body with the app's secret.</summary>
internal static class CloudSignature
{
    public const string Header = "X-Hub-Signature-256";

    private const string Prefix = "sha256=";

    /// <summary>The signature that a header has; null = it has none.</summary>
    public static byte[]? Read(string? header)
    {
        if (
            header?.StartsWith(Prefix, StringComparison.Ordinal) != true
            || header.Length != Prefix.Length + 2 * HMACSHA256.HashSizeInBytes
        )
        {
            return null;
        }
        var signature = new byte[HMACSHA256.HashSizeInBytes];
        var status = Convert.FromHexString(
            header.AsSpan(Prefix.Length),
            signature,
            out _,
            out var written
        );
        return status == System.Buffers.OperationStatus.Done && written == signature.Length
            ? signature
            : null;
    }

    /// <summary>Takes the same time whatever is wrong; without a secret nothing matches.</summary>
    public static bool Matches(ReadOnlySpan<byte> signature, ReadOnlySpan<byte> body, string secret)
    {
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body, expected);
        return CryptographicOperations.FixedTimeEquals(expected, signature) && secret.Length > 0;
    }
}
