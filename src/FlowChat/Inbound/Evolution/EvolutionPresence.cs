using System.Text.Json;
using FlowChat.Contacts;
using FlowChat.Conversations;
using FlowChat.Instances;

namespace FlowChat.Inbound.Evolution;

/// <summary>Reads presence.update: who writes or speaks in a chat just now.</summary>
internal static class EvolutionPresence
{
    private const int MostPeople = 32;

    /// <exception cref="InboundFormatException">It doesn't say in which chat, or of whom.</exception>
    public static IReadOnlyList<TypingNews> Read(WebhookInstance instance, JsonElement item)
    {
        if (!WhatsAppAddress.TryParse(item.Text("id"), out var chat))
        {
            throw new InboundFormatException("The presence's id is no JID.");
        }
        if (item.Child("presences") is not { ValueKind: JsonValueKind.Object } presences)
        {
            throw new InboundFormatException("The presence has no presences.");
        }
        if (!chat.IsGroup && !IsNumber(chat))
        {
            return [];
        }
        var news = new List<TypingNews>();
        foreach (var told in presences.EnumerateObject().Take(MostPeople))
        {
            if (PersonOf(told.Name, chat) is { } person)
            {
                var state = StateOf(told.Value.Text("lastKnownPresence"));
                var group = chat.IsGroup ? chat.Jid : null;
                news.Add(new(instance.TenantId, instance.Id, group, person, state));
            }
        }
        return news;
    }

    /// <returns>Null = it isn't the other side of the chat.</returns>
    private static IReadOnlyList<Identity>? PersonOf(string jid, WhatsAppAddress chat)
    {
        if (!WhatsAppAddress.TryParse(jid, out var person) || !IsNumber(person))
        {
            return null;
        }
        if (chat.IsGroup || person.Identity == chat.Identity)
        {
            return [person.Identity];
        }
        // Between two, a LID and a phone are one person's; another phone is this number's own.
        return person.Identity.Kind == chat.Identity.Kind ? null : [chat.Identity, person.Identity];
    }

    private static bool IsNumber(WhatsAppAddress address) =>
        address.IsPerson && address.User.All(char.IsAsciiDigit);

    // Available and paused end it; what is new to us does, too.
    private static string StateOf(string? presence) =>
        presence switch
        {
            "composing" => TypingState.Typing,
            "recording" => TypingState.Recording,
            _ => TypingState.Ended,
        };
}
