using System.Text.Json;
using FlowChat.Contacts;
using FlowChat.Inbound.Evolution.Kinds;
using FlowChat.Messages;
using FlowChat.Storage;

namespace FlowChat.Inbound.Evolution;

/// <summary>Reads one element of messages.upsert or send.message.</summary>
internal static class EvolutionMessage
{
    // A phone has at most 15 digits, a LID some more.
    private const int MostDigits = 32;

    // A phone's clock and a gateway's bug can be far off; a bubble in the year 50000 would stay the last one for ever.
    private static readonly TimeSpan MostAhead = TimeSpan.FromDays(1);

    /// <summary>Null = nothing that an inbox shows: stories, newsletters, what phones tell each other.</summary>
    /// <exception cref="InboundFormatException">Without this field the message can't be kept in its place.</exception>
    public static TenantChange<Received>? Read(
        Guid instanceId,
        JsonElement item,
        bool isEcho,
        DateTimeOffset now
    )
    {
        var key = item.Child("key") ?? throw new InboundFormatException("The message has no key.");
        var waId =
            key.Text("id") ?? throw new InboundFormatException("The message's key has no id.");
        if (!WhatsAppAddress.TryParse(key.Text("remoteJid"), out var chat))
        {
            throw new InboundFormatException("The message's key.remoteJid is no JID.");
        }
        if (chat.IsPerson && !IsNumber(chat))
        {
            throw new InboundFormatException("The message's key.remoteJid is no number.");
        }
        if (
            (!chat.IsGroup && !chat.IsPerson)
            || ReadBody(item) is not { } body
            || ReadSpeaker(instanceId, item, key, chat, now) is not { } by
        )
        {
            return null;
        }
        if (EvolutionChanges.Read(body, item, by) is { } change)
        {
            var told = EvolutionContent.Unshown(body);
            return new ReceiveChange(
                change,
                ToMessage(item, key, chat, waId, isEcho, body, told, by)
            );
        }
        if (EvolutionLine.Read(body, item) is { } line)
        {
            var told = EvolutionContent.Unshown(body);
            return new ReceiveLine(ToMessage(item, key, chat, waId, isEcho, body, told, by), line);
        }
        return EvolutionContent.Read(body, waId) is { } content
            ? new ReceiveMessage(ToMessage(item, key, chat, waId, isEcho, body, content, by))
            : null;
    }

    private static InboundMessage ToMessage(
        JsonElement item,
        JsonElement key,
        WhatsAppAddress chat,
        string waId,
        bool isEcho,
        MessageBody body,
        EvolutionContent content,
        InboundChange by
    )
    {
        IReadOnlyList<Identity> other = chat.IsGroup
            ? []
            : Addresses(item, key, "remoteJid", by.FromMe);
        var context = EvolutionContext.Find(item, body);
        return new()
        {
            InstanceId = by.InstanceId,
            WaId = waId,
            FromMe = by.FromMe,
            IsEcho = isEcho,
            Chat = other,
            GroupJid = chat.IsGroup ? chat.Jid : null,
            Sender = chat.IsGroup ? by.By : [],
            SenderName = by.ByName,
            Type = content.Type,
            Text = content.Text,
            Content = context is { } said
                ? EvolutionContext.ReadOrigin(said).AddTo(content.Content)
                : content.Content,
            Raw = content.Type == MessageType.Unsupported ? item.GetRawText() : null,
            Media = content.Media,
            ReplyTo = context is { } around ? EvolutionContext.ReadQuote(around, other) : null,
            Mentions = context is { } naming ? EvolutionContext.ReadMentions(naming) : [],
            SentAt = by.At,
            Status = EvolutionReceipt.ReadFurthest(item),
        };
    }

    /// <summary>Who speaks, and when; what they change is still to be read.</summary>
    private static InboundChange ReadSpeaker(
        Guid instanceId,
        JsonElement item,
        JsonElement key,
        WhatsAppAddress chat,
        DateTimeOffset now
    )
    {
        var fromMe = key.Flag("fromMe");
        return new()
        {
            InstanceId = instanceId,
            WaId = "",
            Kind = default,
            FromMe = fromMe,
            By = fromMe
                ? []
                : Addresses(item, key, chat.IsGroup ? "participant" : "remoteJid", fromMe),
            ByName = fromMe ? null : item.Text("pushName"),
            At = Time(item, now),
        };
    }

    private static MessageBody? ReadBody(JsonElement item)
    {
        var message = item.Child("message") is { ValueKind: JsonValueKind.Object } found
            ? found
            : (JsonElement?)null;
        if (message is { } content && MessageBody.Read(content) is { } body)
        {
            return body;
        }
        // A group's system line ("Ana joined") has a stub instead, too, and is told by an event of its own.
        return item.Child("messageStubType") is { } stub ? MessageBody.ReadStub(stub)
            : message is not null ? null
            : throw new InboundFormatException("The message has no content.");
    }

    /// <summary>The main address first; the other one stands beside it under names that changed with the releases.</summary>
    private static List<Identity> Addresses(
        JsonElement item,
        JsonElement key,
        string main,
        bool fromMe
    )
    {
        // In a chat of two, senderPn is the sender: the other person, unless it is me.
        string[] names =
            main == "participant"
                ? ["participant", "participantAlt", "participantPn", "participantLid"]
            : fromMe ? ["remoteJid", "remoteJidAlt"]
            : ["remoteJid", "remoteJidAlt", "senderPn", "senderLid"];
        var identities = new List<Identity>(2);
        foreach (var name in names)
        {
            if (
                WhatsAppAddress.TryParse(key.Text(name) ?? item.Text(name), out var address)
                && address.IsPerson
                && IsNumber(address)
                && !identities.Exists(known => known.Kind == address.Identity.Kind)
            )
            {
                identities.Add(address.Identity);
            }
        }
        return identities;
    }

    // Cut, it would be another person's.
    private static bool IsNumber(WhatsAppAddress address) =>
        address.User.Length <= MostDigits && address.User.All(char.IsAsciiDigit);

    private static DateTimeOffset Time(JsonElement item, DateTimeOffset now)
    {
        var seconds = item.Long("messageTimestamp");
        if (seconds is not > 0)
        {
            return now;
        }
        var milliseconds = seconds > 100_000_000_000 ? seconds.Value : seconds.Value * 1_000;
        return milliseconds > (now + MostAhead).ToUnixTimeMilliseconds()
            ? now
            : DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
    }
}
