using System.Text.Json.Nodes;

namespace FlowChat.Testing.Evolution.Payloads;

/// <summary>What Evolution reports of groups, and answers when it is asked.</summary>
public static class GroupEvents
{
    public static JsonObject Metadata(
        this Group group,
        string subject,
        DateTimeOffset namedAt,
        params IEnumerable<(Person Person, string? Admin)> members
    ) =>
        new()
        {
            ["id"] = group.Jid,
            ["subject"] = subject,
            ["subjectTime"] = namedAt.ToUnixTimeSeconds(),
            ["desc"] = "Pedidos até as 17h",
            ["owner"] = members.First().Person.LidJid,
            ["participants"] = new JsonArray([
                .. members.Select(member =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["id"] = member.Person.LidJid,
                            ["phoneNumber"] = member.Person.PhoneJid,
                            ["admin"] = member.Admin,
                        }
                ),
            ]),
        };

    public static JsonObject GroupsUpsert(
        this EvolutionNumber number,
        JsonObject metadata,
        DateTimeOffset at
    ) => number.Envelope("groups.upsert", new JsonArray(metadata.DeepClone()), at);

    /// <param name="number">The number that is told.</param>
    /// <param name="group">The group.</param>
    /// <param name="action">add, remove, promote or demote.</param>
    /// <param name="author">Who did it.</param>
    /// <param name="member">To whom.</param>
    /// <param name="at">When.</param>
    /// <param name="asObject">Some releases tell members as objects.</param>
    /// <param name="data">participantsData, as 2.3 tells it beside the LIDs.</param>
    public static JsonObject ParticipantsUpdate(
        this EvolutionNumber number,
        Group group,
        string action,
        Person? author,
        Person member,
        DateTimeOffset at,
        bool asObject = false,
        JsonArray? data = null
    ) =>
        number.Envelope(
            "group-participants.update",
            new JsonObject
            {
                ["id"] = group.Jid,
                ["author"] = author?.LidJid,
                ["action"] = action,
                ["participants"] = new JsonArray(
                    asObject
                        ? new JsonObject
                        {
                            ["id"] = member.LidJid,
                            ["phoneNumber"] = member.PhoneJid,
                        }
                        : (JsonNode)(data is null ? member.PhoneJid : member.LidJid)
                ),
                ["participantsData"] = data,
            },
            at
        );

    /// <summary>What 2.3 found out of somebody in a group. Whoever isn't in it any more has the LID's digits for a phone.</summary>
    public static JsonArray ParticipantsData(Person member, bool isFound) =>
        [
            new JsonObject
            {
                ["jid"] = member.LidJid,
                ["phoneNumber"] = isFound ? member.PhoneJid : member.Lid,
                ["name"] = isFound ? member.Name : null,
            },
        ];
}
