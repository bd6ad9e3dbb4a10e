using System.Text.Json;
using FlowChat.Messages.Content;
using FlowChat.Storage;

namespace FlowChat.Inbound;

/// <summary>Reads what somebody filled in, in a WhatsApp Flow or another form, out of the JSON that every gateway hands on.</summary>
internal static class FormAnswers
{
    private const string FlowToken = "flow_token";

    // WhatsApp's own, which nobody filled in.
    private static readonly HashSet<string> Own = new(StringComparer.Ordinal)
    {
        FlowToken,
        "wa_flow_response_params",
    };

    // What was chosen of buttons and lists comes in the same place, and is the choice itself.
    private static readonly HashSet<string> Chosen = new(StringComparer.Ordinal)
    {
        "id",
        "title",
        "description",
    };

    /// <summary>Null = there are none.</summary>
    public static IReadOnlyList<ChoiceAnswer>? Read(string? json)
    {
        if (json is null)
        {
            return null;
        }
        try
        {
            var form = JsonElement.Parse(json);
            return form.ValueKind == JsonValueKind.Object ? Read(form) : [new("", json)];
        }
        catch (JsonException)
        {
            return [new("", json)];
        }
    }

    private static List<ChoiceAnswer>? Read(JsonElement form)
    {
        var isFlow = form.Child(FlowToken) is not null;
        var answers = form.EnumerateObject()
            .Where(field => !Own.Contains(field.Name) && (isFlow || !Chosen.Contains(field.Name)))
            .Select(field => new ChoiceAnswer(StorableText.Clean(field.Name), Text(field.Value)))
            .Where(answer => answer.Value.Length > 0)
            .ToList();
        return answers.Count > 0 ? answers : null;
    }

    private static string Text(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Null => "",
            JsonValueKind.String => StorableText.Clean(value.GetString()!),
            JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Text)),
            _ => StorableText.Clean(value.GetRawText()),
        };
}
