using System.Globalization;
using System.Text.Json;
using FlowChat.Contacts;
using FlowChat.Json;
using FlowChat.Messages;
using FlowChat.Messages.Content;

namespace FlowChat.Inbound.Evolution;

/// <summary>Reads one element of call.</summary>
internal static class EvolutionCall
{
    /// <summary>Null = it says nothing that is shown.</summary>
    /// <exception cref="InboundFormatException">It doesn't say which call, or whose.</exception>
    public static ReceiveCall? Read(Guid instanceId, JsonElement item, DateTimeOffset now)
    {
        var id = item.Text("id") ?? throw new InboundFormatException("The call has no id.");
        if (OutcomeOf(item.Text("status")) is not { } outcome)
        {
            return null;
        }
        var caller = Addresses(item, "from", "callerPn");
        var isGroup =
            WhatsAppAddress.TryParse(item.Text("groupJid") ?? item.Text("chatId"), out var chat)
            && chat.IsGroup;
        if (caller.Count == 0)
        {
            throw new InboundFormatException("The call's from is no number.");
        }
        var call = new InboundMessage
        {
            InstanceId = instanceId,
            WaId = id,
            FromMe = false,
            IsEcho = false,
            Chat = isGroup ? [] : caller,
            GroupJid = isGroup ? chat.Jid : null,
            Sender = isGroup ? caller : [],
            Type = MessageType.Call,
            Content = JsonSerializer.Serialize(
                new CallContent(item.Flag("isVideo"), outcome),
                FlowChatJson.Options
            ),
            SentAt = Time(item, now),
        };
        return new(call, outcome);
    }

    // The caller hung up, or nobody answered: of a call that was accepted neither says anything more.
    private static string? OutcomeOf(string? status) =>
        status switch
        {
            "offer" or "ringing" => CallOutcome.Ringing,
            "timeout" or "terminate" => CallOutcome.Missed,
            "reject" => CallOutcome.Rejected,
            "accept" => CallOutcome.Accepted,
            _ => null,
        };

    private static List<Identity> Addresses(JsonElement item, params ReadOnlySpan<string> names)
    {
        var addresses = new List<Identity>(2);
        foreach (var name in names)
        {
            if (
                WhatsAppAddress.TryParse(item.Text(name), out var address)
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

    // A date as JavaScript writes it, or seconds.
    private static DateTimeOffset Time(JsonElement item, DateTimeOffset now)
    {
        var at =
            item.Long("date") is > 0 and < 100_000_000_000 and var seconds
                ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : DateTimeOffset.TryParse(
                item.Text("date"),
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var date
            )
                ? date
            : now;
        return at > now ? now : at;
    }
}
