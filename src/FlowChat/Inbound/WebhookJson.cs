using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;
using FlowChat.Storage;

namespace FlowChat.Inbound;

/// <summary>Parses a webhook's body.</summary>
internal static class WebhookJson
{
    /// <param name="body">The document reads its texts from these bytes when it is asked for them: they are repaired in place.</param>
    /// <param name="document">What it says.</param>
    /// <param name="reason">Why it says nothing; without its words, which may be a message's.</param>
    public static bool TryParse(
        Memory<byte> body,
        [NotNullWhen(true)] out JsonDocument? document,
        [NotNullWhen(false)] out string? reason
    )
    {
        (document, reason) = (null, null);
        // Some senders begin with a byte order mark.
        var text = body.Span.StartsWith("\uFEFF"u8) ? body[3..] : body;
        if (!Utf8.IsValid(text.Span))
        {
            reason = "The body is no UTF-8.";
            return false;
        }
        try
        {
            document = JsonDocument.Parse(text);
            StorableText.RepairJson(body.Span);
            return true;
        }
        catch (JsonException error)
        {
            // The parser's own words quote the body.
            reason =
                $"The body is no JSON, at line {error.LineNumber + 1}, byte {error.BytePositionInLine}.";
            return false;
        }
    }
}
