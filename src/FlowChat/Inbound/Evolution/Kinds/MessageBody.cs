using System.Text.Json;

namespace FlowChat.Inbound.Evolution.Kinds;

/// <summary>The one thing that a message says, out of all its wrappers: its kind's name in WhatsApp's words, and its fields.</summary>
internal readonly record struct MessageBody(string Kind, JsonElement Fields, JsonElement Message)
{
    private const int MostWrappers = 8;

    /// <summary>Where the gateway has put a medium's bytes.</summary>
    public string? MediaUrl { get; private init; }

    // Of a message that the gateway got and couldn't decrypt; it has no content, and often comes again with it.
    private const string Ciphertext = "CIPHERTEXT",
        CiphertextNumber = "2";

    private static readonly string[] Wrappers =
    [
        "ephemeralMessage",
        "viewOnceMessage",
        "viewOnceMessageV2",
        "viewOnceMessageV2Extension",
        "documentWithCaptionMessage",
        "lottieStickerMessage",
        "deviceSentMessage",
        "botInvokeMessage",
        "groupMentionedMessage",
        "associatedChildMessage",
        "editedMessage",
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

    /// <summary>Null = there is nothing in it but what stands beside a content.</summary>
    /// <exception cref="InboundFormatException">It is wrapped too often.</exception>
    public static MessageBody? Read(JsonElement message)
    {
        // The gateway writes beside the outermost wrapper.
        var mediaUrl = message.Text("mediaUrl");
        message = Unwrap(message);
        foreach (var field in message.EnumerateObject())
        {
            if (field.Value.ValueKind != JsonValueKind.Null && !Companions.Contains(field.Name))
            {
                return new(field.Name, field.Value, message)
                {
                    MediaUrl = mediaUrl ?? message.Text("mediaUrl"),
                };
            }
        }
        return null;
    }

    /// <summary>Null = it is a line of WhatsApp's own, which has a stub in place of a message.</summary>
    public static MessageBody? ReadStub(JsonElement type)
    {
        var name = type.ValueKind == JsonValueKind.String ? type.GetString() : type.GetRawText();
        return name is Ciphertext or CiphertextNumber ? new(Ciphertext, default, default) : null;
    }

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
}
