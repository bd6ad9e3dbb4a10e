using System.Text.Json;
using FlowChat.Messages;

namespace FlowChat.Inbound.Evolution;

/// <summary>Reads one element of messages.update.</summary>
internal static class EvolutionReceipt
{
    /// <summary>Null = it tells no status: an edit, a vote, a state that means nothing to an inbox.</summary>
    /// <exception cref="InboundFormatException">It names no message.</exception>
    public static InboundReceipt? Read(Guid instanceId, JsonElement item)
    {
        var update = item.Child("update");
        var waId =
            item.Text("keyId")
            ?? item.Child("key")?.Text("id")
            ?? throw new InboundFormatException("The update has neither keyId nor key.id.");
        var status = ReadStatus(item.Child("status") ?? update?.Child("status"));
        return status is null ? null : new(instanceId, waId, status, item.Text("message"));
    }

    /// <summary>How far a message of mine is: the gateway's history has all that it was told of it, in no order.</summary>
    public static string ReadFurthest(JsonElement item) =>
        item.List("MessageUpdate")
            .Append(item)
            .Select(told => ReadStatus(told.Child("status")))
            .OfType<string>()
            .Aggregate(MessageStatus.Sent, MessageStatus.Later);

    /// <summary>Evolution's words, those of its Meta channel, and Baileys' numbers.</summary>
    public static string? ReadStatus(JsonElement? status)
    {
        var word = status switch
        {
            { ValueKind: JsonValueKind.String } text => text.GetString(),
            { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
            _ => null,
        };
        return word?.ToUpperInvariant() switch
        {
            "ERROR" or "FAILED" or "0" => MessageStatus.Failed,
            "SERVER_ACK" or "SENT" or "2" => MessageStatus.Sent,
            "DELIVERY_ACK" or "DELIVERED" or "3" => MessageStatus.Delivered,
            "READ" or "4" => MessageStatus.Read,
            "PLAYED" or "5" => MessageStatus.Played,
            _ => null,
        };
    }
}
