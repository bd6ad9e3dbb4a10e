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
            contacts.Add((JsonNode)Contact(number, person.PhoneJid, person.Name, picture: null));
        JsonNode data = contacts.Count == 1 ? contacts[0]!.DeepClone() : contacts;
        return number.Envelope("contacts.update", data, at);
    }

    /// <summary>The same, where somebody, or a group, has a picture.</summary>
    public static JsonObject PictureUpdate(
        this EvolutionNumber number,
        string jid,
        Uri? picture,
        DateTimeOffset at
    ) => number.Envelope("contacts.update", Contact(number, jid, "", picture), at);

    /// <summary>All contacts of a phone that was just paired, and then each new one; the name is its number where it has none.</summary>
    public static JsonObject ContactsUpsert(
        this EvolutionNumber number,
        DateTimeOffset at,
        params ReadOnlySpan<Person> people
    )
    {
        var contacts = new JsonArray();
        foreach (var person in people)
            contacts.Add((JsonNode)Contact(number, person.PhoneJid, person.Phone, picture: null));
        return number.Envelope("contacts.upsert", contacts, at);
    }

    public static JsonObject ChatsUpsert(
        this EvolutionNumber number,
        DateTimeOffset at,
        Person person,
        bool isShort = false
    ) =>
        number.Envelope(
            "chats.upsert",
            new JsonArray(
                isShort
                    ? new JsonObject { ["id"] = person.PhoneJid, ["name"] = person.Name }
                    : new JsonObject
                    {
                        ["remoteJid"] = person.PhoneJid,
                        ["instanceId"] = number.InstanceId.ToString(),
                        ["name"] = person.Name,
                        ["unreadMessages"] = 3,
                    }
            ),
            at
        );

    public static JsonObject ChatsUpdate(
        this EvolutionNumber number,
        DateTimeOffset at,
        Person person
    ) =>
        number.Envelope(
            "chats.update",
            new JsonArray(
                new JsonObject
                {
                    ["remoteJid"] = person.PhoneJid,
                    ["instanceId"] = number.InstanceId.ToString(),
                }
            ),
            at
        );

    /// <summary>Its data are bare JIDs.</summary>
    public static JsonObject ChatsDelete(
        this EvolutionNumber number,
        DateTimeOffset at,
        Person person
    ) => number.Envelope("chats.delete", new JsonArray(person.PhoneJid), at);

    /// <summary>The history of a phone that was just paired.</summary>
    public static JsonObject MessagesSet(
        this EvolutionNumber number,
        DateTimeOffset at,
        params ReadOnlySpan<TextMessage> messages
    )
    {
        var data = new JsonArray();
        foreach (var message in messages)
            data.Add((JsonNode)message.ToData());
        var envelope = number.Envelope("messages.set", data, at);
        envelope["isLatest"] = true;
        envelope["progress"] = 100;
        return envelope;
    }

    private static JsonObject Contact(
        EvolutionNumber number,
        string jid,
        string name,
        Uri? picture
    ) =>
        new()
        {
            ["remoteJid"] = jid,
            ["pushName"] = name,
            ["profilePicUrl"] = picture?.ToString(),
            ["instanceId"] = number.InstanceId.ToString(),
        };
}
