using System.Text.Json.Nodes;

namespace FlowChat.Testing.Evolution.Payloads;

/// <summary>Webhooks that are no conversation's business.</summary>
public static class IgnoredEvents
{
    public const string StatusBroadcast = "status@broadcast";
    public const string Newsletter = "120363144038483540@newsletter";

    public static TextMessage Story(this EvolutionNumber number, Person author, string text) =>
        new(number, author, text) { RemoteJid = StatusBroadcast };

    public static TextMessage NewsletterPost(this EvolutionNumber number, string text) =>
        new(number, Person.Bruno, text) { RemoteJid = Newsletter };

    /// <summary>The flood around every message: one contact as an object, several as an array.</summary>
    public static JsonObject ContactsUpdate(
        this EvolutionNumber number,
        DateTimeOffset at,
        params ReadOnlySpan<Person> people
    )
    {
        var contacts = new JsonArray();
        foreach (var person in people)
            contacts.Add((JsonNode)Contact(number, person));
        JsonNode data = contacts.Count == 1 ? Contact(number, people[0]) : contacts;
        return number.Envelope("contacts.update", data, at);
    }

    public static JsonObject PresenceUpdate(
        this EvolutionNumber number,
        Person person,
        DateTimeOffset at
    ) =>
        number.Envelope(
            "presence.update",
            new JsonObject
            {
                ["id"] = person.PhoneJid,
                ["presences"] = new JsonObject
                {
                    [person.PhoneJid] = new JsonObject { ["lastKnownPresence"] = "composing" },
                },
            },
            at
        );

    private static JsonObject Contact(EvolutionNumber number, Person person) =>
        new()
        {
            ["remoteJid"] = person.PhoneJid,
            ["pushName"] = person.Name,
            ["profilePicUrl"] = null,
            ["instanceId"] = number.InstanceId.ToString(),
        };
}
