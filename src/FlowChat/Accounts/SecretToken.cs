using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace FlowChat.Accounts;

/// <summary>Random secrets that are handed out once; only their SHA-256 is stored.</summary>
internal static class SecretToken
{
    public const string ApiKeyPrefix = "fck_";

    // 256 random bits need neither salt nor a slow hash.
    public static string Create(string prefix = "") =>
        prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
