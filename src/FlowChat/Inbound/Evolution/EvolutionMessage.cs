using System.Text.Json;
using FlowChat.Contacts;
using FlowChat.Messages;

namespace FlowChat.Inbound.Evolution;

/// <summary>Reads one element of messages.upsert or send.message.</summary>
internal static class EvolutionMessage
{
    // A phone has at most 15 digits, a LID some more.
    private const int MostDigits = 32;

    // A phone's clock and a gateway's bug can be far off; a bubble in the year 50000 would stay the last one for ever.
    private static readonly TimeSpan MostAhead = TimeSpan.FromDays(1);

    /// <summary>Null = nothing that an inbox shows: stories, newsletters, reactions and protocol messages for now.</summary>
    /// <exception cref="InboundFormatException">Without this field the message can't be kept in its place.</exception>
    public static InboundMessage? Read(
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
        if (!chat.IsGroup && !chat.IsPerson)
        {
            return null;
        }
        var content = EvolutionContent.Read(item);
        if (content is null)
        {
            return null;
        }
        var fromMe = key.Flag("fromMe");
        return new()
        {
            InstanceId = instanceId,
            WaId = waId,
            FromMe = fromMe,
            IsEcho = isEcho,
            Chat = chat.IsGroup ? [] : Addresses(item, key, "remoteJid", fromMe),
            GroupJid = chat.IsGroup ? chat.Jid : null,
            Sender = chat.IsGroup && !fromMe ? Addresses(item, key, "participant", fromMe) : [],
            SenderName = fromMe ? null : item.Text("pushName"),
            Type = content.Value.Type,
            Text = content.Value.Text,
            Content = content.Value.Raw,
            SentAt = Time(item, now),
            Status = EvolutionReceipt.ReadStatus(item.Child("status")) ?? MessageStatus.Sent,
        };
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
