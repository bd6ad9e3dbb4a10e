using FlowChat.Contacts;
using FlowChat.Storage;

namespace FlowChat.Messages;

/// <summary>Whom a message names with an @, by the addresses that stand in it.</summary>
internal static class MentionedPeople
{
    public static IEnumerable<Identity> Identities(IEnumerable<string> jids) =>
        jids.Select(IdentityOf).OfType<Identity>();

    /// <summary>With their names, where they are known.</summary>
    public static MessageMention[] Find(Workspace work, IReadOnlyList<string> jids) =>
        [
            .. jids.Select(jid =>
            {
                var contact = IdentityOf(jid) is { } identity
                    ? work.Contacts.Find([identity])
                    : null;
                return new MessageMention(jid, contact?.Id, contact?.Name);
            }),
        ];

    private static Identity? IdentityOf(string jid) =>
        WhatsAppAddress.TryParse(jid, out var address) && address.IsPerson
            ? address.Identity
            : null;
}
