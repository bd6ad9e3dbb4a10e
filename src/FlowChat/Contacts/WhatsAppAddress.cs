using System.Diagnostics.CodeAnalysis;

namespace FlowChat.Contacts;

/// <summary>A JID taken apart: "5511987654321:12@s.whatsapp.net" is a phone's, device 12.</summary>
internal readonly record struct WhatsAppAddress(string User, string Server)
{
    public bool IsPerson => Server is "s.whatsapp.net" or "c.us" or "lid";

    public bool IsGroup => Server == "g.us";

    public string Jid => $"{User}@{Server}";

    public Identity Identity => new(Server == "lid" ? IdentityKind.Lid : IdentityKind.Phone, User);

    public static bool TryParse([NotNullWhen(true)] string? jid, out WhatsAppAddress address)
    {
        address = default;
        var at = jid?.LastIndexOf('@') ?? -1;
        if (at <= 0)
        {
            return false;
        }
        var user = jid![..at];
        var device = user.IndexOf(':', StringComparison.Ordinal);
        user = device > 0 ? user[..device] : user;
        // "5511987654321_1@…" names an agent of a hosted number.
        var agent = user.IndexOf('_', StringComparison.Ordinal);
        address = new(agent > 0 ? user[..agent] : user, jid[(at + 1)..].ToLowerInvariant());
        return true;
    }
}
