using System.Text.Json;
using FlowChat.Messages;

namespace FlowChat.Inbound.Evolution.Kinds;

/// <summary>Reads what somebody did to a message: reactions, votes, edits and removals, in the forms of four events.</summary>
internal static class EvolutionChanges
{
    // WhatsApp's numbers of protocol messages.
    private const string Revoke = "REVOKE",
        RevokeNumber = "0",
        Edit = "MESSAGE_EDIT",
        EditNumber = "14";

    /// <summary>Of messages.upsert. Null = it changes no message.</summary>
    /// <param name="body">The message.</param>
    /// <param name="item">The element that it came in.</param>
    /// <param name="by">Who did it, as the element says.</param>
    public static InboundChange? Read(MessageBody body, JsonElement item, InboundChange by) =>
        body.Kind switch
        {
            "reactionMessage" => Target(body.Fields, "key") is { } waId
                ? by with
                {
                    WaId = waId,
                    Kind = InboundChangeKind.Reaction,
                    Text = body.Fields.Text("text") ?? "",
                    At = Time(body.Fields, "senderTimestampMs") ?? by.At,
                }
                : null,
            "pollUpdateMessage" => Target(body.Fields, "pollCreationMessageKey") is { } waId
            && item.Child("pollUpdates") is { ValueKind: JsonValueKind.Array } updates
            && EvolutionPoll.ChosenBy(updates, by.By, by.FromMe) is { } chosen
                ? by with
                {
                    WaId = waId,
                    Kind = InboundChangeKind.Vote,
                    Options = chosen,
                    At = Time(body.Fields, "senderTimestampMs") ?? by.At,
                }
                : null,
            "protocolMessage" => ReadProtocol(body.Fields, by),
            _ => null,
        };

    /// <summary>Of messages.update, which names the poll. Null = it tells of no vote, or of several people's.</summary>
    public static InboundChange? ReadVote(JsonElement item, InboundChange by) =>
        item.Child("pollUpdates") is { ValueKind: JsonValueKind.Array } updates
        && (item.Text("keyId") ?? Target(item, "key")) is { } waId
        && EvolutionPoll.OnlyVoter(updates) is { } voter
        && EvolutionPoll.ChosenBy(updates, voter, fromMe: voter.Count == 0) is { } chosen
            ? by with
            {
                WaId = waId,
                Kind = InboundChangeKind.Vote,
                FromMe = voter.Count == 0,
                By = voter,
                Options = chosen,
            }
            : null;

    /// <summary>Of messages.edited and send.message.update, which hold a protocolMessage itself. Null = it changes nothing.</summary>
    public static InboundChange? ReadProtocol(JsonElement protocol, InboundChange by)
    {
        if (Target(protocol, "key") is not { } waId)
        {
            return null;
        }
        var change = by with { WaId = waId, At = Time(protocol, "timestampMs") ?? by.At };
        return TypeOf(protocol) switch
        {
            Revoke or RevokeNumber => change with { Kind = InboundChangeKind.Revoke },
            Edit or EditNumber => change with
            {
                Kind = InboundChangeKind.Edit,
                Text = EditedText(protocol),
            },
            _ => null,
        };
    }

    /// <summary>Of messages.delete: the gateway's own form, and that of a deletion through its API, whose id is its database's.</summary>
    public static InboundChange? ReadDelete(JsonElement item, InboundChange by)
    {
        var waId = item.Child("key")?.Text("id") ?? item.Text("id");
        return waId is null ? null : by with { WaId = waId, Kind = InboundChangeKind.Revoke };
    }

    private static string? Target(JsonElement fields, string key) => fields.Child(key)?.Text("id");

    // An enum by its name, or by its number; a revoke's number is the default, which some encoders leave out.
    private static string TypeOf(JsonElement protocol) =>
        protocol.Child("type") switch
        {
            { ValueKind: JsonValueKind.String } name => name.GetString()!.ToUpperInvariant(),
            { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
            _ => protocol.Child("editedMessage") is null ? Revoke : Edit,
        };

    // None where a caption was taken away. What can't be read must not be taken for that.
    private static string? EditedText(JsonElement protocol) =>
        protocol.Child("editedMessage") is { ValueKind: JsonValueKind.Object } edited
        && MessageBody.Read(edited) is { } body
        && EvolutionContent.Read(body, "") is { Type: not MessageType.Unsupported } content
            ? content.Text
            : throw new InboundFormatException("The edit doesn't say what the message says now.");

    public static DateTimeOffset? Time(JsonElement fields, string name) =>
        fields.Long(name) is > 0 and < 253_402_300_799_000 and var milliseconds
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : null;
}
