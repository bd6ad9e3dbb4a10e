using System.Net;
using System.Text.Json;
using FlowChat.Inbound;
using FlowChat.Storage;

namespace FlowChat.Gateways.Cloud;

/// <summary>What Meta says that is wrong: in an answer, in a failed status, in a message that it can't show.</summary>
internal sealed record GraphError(int Code, string Text)
{
    private const int MostCharacters = 300;

    /// <summary>Of an answer: {"error":{message, code, error_data:{details}}}. Null = it says nothing of the kind.</summary>
    public static GraphError? OfAnswer(JsonElement? answer) =>
        answer?.Child("error") is { ValueKind: JsonValueKind.Object } error ? Read(error) : null;

    /// <summary>One of a webhook's errors.</summary>
    public static GraphError? Read(JsonElement error)
    {
        if (error.Long("code") is not (>= 0 and <= int.MaxValue and var code))
        {
            return null;
        }
        var text =
            error.Child("error_data")?.Text("details")
            ?? error.Text("message")
            ?? error.Text("title")
            ?? "";
        // Meta puts the code before some of its messages.
        var head = $"(#{code})";
        text = text.StartsWith(head, StringComparison.Ordinal) ? text[head.Length..].Trim() : text;
        return new((int)code, Cut(text.Length == 0 ? $"{code}" : $"{code}: {text}"));
    }

    /// <summary>For people, whatever was answered.</summary>
    public static string ReasonOf(HttpStatusCode status, JsonElement? answer) =>
        OfAnswer(answer)?.Text ?? $"HTTP {(int)status}";

    // Cut, an emoji could end in its middle.
    private static string Cut(string text) =>
        StorableText.Clean(text.Length <= MostCharacters ? text : text[..MostCharacters]);
}
