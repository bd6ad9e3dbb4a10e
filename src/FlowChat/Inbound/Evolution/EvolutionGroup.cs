using System.Text.Json;
using FlowChat.Contacts;
using FlowChat.Groups;

namespace FlowChat.Inbound.Evolution;

/// <summary>Reads what Evolution tells of groups: events, and the answer of findGroupInfos.</summary>
internal static class EvolutionGroup
{
    private const int MostMembers = 2_048;
    private const int MostDescription = 4_096;

    /// <param name="instanceId">The number.</param>
    /// <param name="item">The group.</param>
    /// <param name="at">When the gateway told it, or was asked for it.</param>
    /// <exception cref="InboundFormatException">It doesn't say which group.</exception>
    public static InboundGroup Read(Guid instanceId, JsonElement item, DateTimeOffset at) =>
        new(instanceId, Jid(item))
        {
            At = at,
            Name = ShortText.Cut(item.Text("subject")),
            NamedAt = item.Long("subjectTime"),
            Description = ShortText.Cut(item.Text("desc"), MostDescription),
            Owner = Addresses(item, "owner", "ownerPn"),
            Members = item.Child("participants") is { ValueKind: JsonValueKind.Array }
                ? Members(item)
                : null,
        };

    /// <param name="instanceId">The number.</param>
    /// <param name="item">The event's data.</param>
    /// <param name="at">The event's own time: the same for each of its deliveries.</param>
    /// <param name="happenedAt">The same by our clock.</param>
    /// <exception cref="InboundFormatException">It doesn't say which group.</exception>
    public static InboundMembership? ReadMembership(
        Guid instanceId,
        JsonElement item,
        string? at,
        DateTimeOffset happenedAt
    )
    {
        var jid = Jid(item);
        var action = item.Text("action");
        var members = Members(item);
        return GroupAction.IsKnown(action) && members.Count > 0
            ? new(instanceId, jid, action!, Addresses(item, "author", "authorPn"), members)
            {
                At = happenedAt,
                EventId = GroupLine.IdOf([
                    jid,
                    action!,
                    at ?? "",
                    .. members
                        .Select(member => member.Addresses[0].Value)
                        .Order(StringComparer.Ordinal),
                ]),
            }
            : null;
    }

    private static string Jid(JsonElement item) =>
        WhatsAppAddress.TryParse(item.Text("id") ?? item.Text("groupJid"), out var address)
        && address.IsGroup
            ? address.Jid
            : throw new InboundFormatException("The group's id is no group's JID.");

    // Strings, of whom 2.3 tells more beside them; or objects whose id may be a LID with the phone in it.
    private static List<InboundMember> Members(JsonElement item)
    {
        var data = item.List("participantsData").Take(MostMembers).ToLookup(one => one.Text("jid"));
        var members = new List<InboundMember>();
        foreach (var entry in item.List("participants").Take(MostMembers))
        {
            var jid = entry.ValueKind == JsonValueKind.String ? entry.GetString() : null;
            var told = jid is null ? default : data[jid].FirstOrDefault();
            // Of whom the gateway doesn't find, the phone is the LID's digits: no JID.
            var addresses = jid is null
                ? Addresses(entry, "id", "jid", "phoneNumber", "lid")
                : Addresses([jid, told.Text("phoneNumber")]);
            if (addresses.Count > 0)
            {
                members.Add(
                    new(addresses, entry.Text("admin") is not null) { Name = told.Text("name") }
                );
            }
        }
        return members;
    }

    private static List<Identity> Addresses(JsonElement item, params string[] names) =>
        Addresses(names.Select(name => item.Text(name)));

    private static List<Identity> Addresses(IEnumerable<string?> jids)
    {
        var addresses = new List<Identity>(2);
        foreach (var jid in jids)
        {
            if (
                WhatsAppAddress.TryParse(jid, out var address)
                && address.IsPerson
                && address.User.All(char.IsAsciiDigit)
                && !addresses.Exists(known => known.Kind == address.Identity.Kind)
            )
            {
                addresses.Add(address.Identity);
            }
        }
        return addresses;
    }
}
