using System.Security.Cryptography;

namespace FlowChat.Testing.Evolution.Payloads;

/// <summary>Message ids in the form that WhatsApp's clients give them.</summary>
public static class WhatsAppId
{
    public static string New() => "3EB0" + RandomNumberGenerator.GetHexString(18);
}
