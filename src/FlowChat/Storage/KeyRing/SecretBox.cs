using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace FlowChat.Storage.KeyRing;

/// <summary>Hides the gateways' keys from those who read the database.</summary>
internal sealed class SecretBox(IDataProtectionProvider provider)
{
    private readonly IDataProtector _protector = provider.CreateProtector("gateway keys");

    public byte[] Seal(string secret) => _protector.Protect(Encoding.UTF8.GetBytes(secret));

    /// <exception cref="System.Security.Cryptography.CryptographicException">Not sealed here, or changed since.</exception>
    public string Open(byte[] sealedSecret) =>
        Encoding.UTF8.GetString(_protector.Unprotect(sealedSecret));
}
