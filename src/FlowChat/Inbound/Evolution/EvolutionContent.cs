using System.Runtime.InteropServices;
using System.Text.Json;
using FlowChat.Messages;

namespace FlowChat.Inbound.Evolution;

/// <summary>What a message says, out of all its wrappers.</summary>
internal readonly record struct EvolutionContent(string Type, string? Text, string? Raw)
{
    private const int MostWrappers = 8;

    // Larger ones hold a medium in base64, which the gateway hands out again by the message's id.
    private const int MostRawBytes = 262_144;

    private static readonly string[] Wrappers =
    [
        "ephemeralMessage",
        "viewOnceMessage",
        "viewOnceMessageV2",
        "viewOnceMessageV2Extension",
        "documentWithCaptionMessage",
        "deviceSentMessage",
        "botInvokeMessage",
        "groupMentionedMessage",
    ];

    // Fields that stand beside the content, often before it.
    private static readonly HashSet<string> Companions = new(StringComparer.Ordinal)
    {
        "messageContextInfo",
        "senderKeyDistributionMessage",
        "fastRatchetKeySenderKeyDistributionMessage",
        "base64",
        "mediaUrl",
        "speechToText",
    };

    // They change another message, or nothing that is shown.
    private static readonly HashSet<string> NoBubble = new(StringComparer.Ordinal)
    {
        "reactionMessage",
        "encReactionMessage",
        "protocolMessage",
        "editedMessage",
        "pollUpdateMessage",
        "keepInChatMessage",
        "pinInChatMessage",
    };

    /// <summary>Null = the message shows nothing in a thread.</summary>
    /// <exception cref="InboundFormatException">There is no message in it.</exception>
    public static EvolutionContent? Read(JsonElement item)
    {
        if (item.Child("message") is not { ValueKind: JsonValueKind.Object } message)
        {
            // A group's system line ("Ana joined") has a stub instead.
            return item.Child("messageStubType") is not null
                ? null
                : throw new InboundFormatException("The message has no content.");
        }
        message = Unwrap(message);
        if (message.Text("conversation") is { } plain)
        {
            return PlainText(plain);
        }
        if (
            message.Child("extendedTextMessage") is { } extended
            && extended.Text("text") is { } text
        )
        {
            return PlainText(text);
        }
        var kind = message
            .EnumerateObject()
            .Where(p => p.Value.ValueKind != JsonValueKind.Null && !Companions.Contains(p.Name))
            .Select(p => p.Name)
            .FirstOrDefault();
        return kind is null || NoBubble.Contains(kind)
            ? null
            : new(MessageType.Unsupported, null, RawContent(kind, message));
    }

    private static EvolutionContent PlainText(string text) =>
        text.Length <= MessageType.MostCharacters
            ? new(MessageType.Text, text, null)
            : throw new InboundFormatException("The text is longer than WhatsApp takes.");

    private static JsonElement Unwrap(JsonElement message)
    {
        for (var depth = 0; depth < MostWrappers; depth++)
        {
            var inner = Wrappers
                .Select(name => message.Child(name)?.Child("message"))
                .FirstOrDefault(found => found is not null);
            if (inner is not { ValueKind: JsonValueKind.Object } next)
            {
                return message;
            }
            message = next;
        }
        throw new InboundFormatException($"The message is wrapped more than {MostWrappers} times.");
    }

    private static string RawContent(string kind, JsonElement message)
    {
        var length = JsonMarshal.GetRawUtf8Value(message).Length;
        return length <= MostRawBytes
            ? JsonSerializer.Serialize(new { kind, message })
            : JsonSerializer.Serialize(new { kind, left_out_bytes = length });
    }
}
