using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowChat.Testing.Evolution;

/// <summary>What the gateway's schemas say of a body's fields: each may be absent, and has its type where it is there. Null has none.</summary>
internal static class FieldTypes
{
    private const string Text = "string",
        Flag = "boolean",
        Number = "number",
        Object = "object",
        Array = "array";

    // A field of an array is one of each of its items. The author of a quoted message has no type.
    private static readonly (string Path, string Type, int Least, int Most)[] Rules =
    [
        .. Of(
            Text,
            "number",
            "text",
            "name",
            "address",
            "reaction",
            "id",
            "remoteJid",
            "participant"
        ),
        .. Of(Text, "mediatype", "mimetype", "media", "fileName", "caption", "audio", "sticker"),
        .. Of(Text, "messageId", "presence", "key.id", "key.remoteJid", "quoted.key.id"),
        .. Of(Text, "quoted.key.remoteJid", "contact.fullName", "contact.organization"),
        .. Of(Text, "contact.email", "mentioned.", "values.", "readMessages.id"),
        .. Of(
            Flag,
            "linkPreview",
            "fromMe",
            "key.fromMe",
            "quoted.key.fromMe",
            "readMessages.fromMe"
        ),
        .. Of(Number, "delay", "latitude", "longitude", "selectableCount"),
        .. Of(Object, "key", "quoted.key", "quoted.message"),
        ("mentioned", Array, 1, int.MaxValue),
        ("contact", Array, 1, int.MaxValue),
        ("readMessages", Array, 1, int.MaxValue),
        ("values", Array, 2, 10),
        ("contact.wuid", Text, 10, int.MaxValue),
        ("contact.phoneNumber", Text, 10, int.MaxValue),
    ];

    /// <returns>Null = nothing is wrong.</returns>
    public static Answer? Refusal(RecordedRequest request)
    {
        var validated =
            request.Path.StartsWith("/message/", StringComparison.Ordinal)
            || request.Path.StartsWith("/chat/", StringComparison.Ordinal);
        // All fields of a form are texts.
        if (!validated || request.File is not null)
            return null;
        var faults = Rules
            .SelectMany(rule =>
                Find(request.Body, rule.Path).Select(found => Fault(rule, found)).OfType<string>()
            )
            .Select(fault => (JsonNode)fault)
            .ToArray();
        return faults.Length > 0 ? Answer.Error(400, new JsonArray(new JsonArray(faults))) : null;
    }

    private static (string, string, int, int)[] Of(string type, params string[] paths) =>
        [.. paths.Select(path => (path, type, 0, int.MaxValue))];

    private static string? Fault(
        (string Path, string Type, int Least, int Most) rule,
        JsonNode? found
    )
    {
        var type = found?.GetValueKind() switch
        {
            JsonValueKind.String => Text,
            JsonValueKind.True or JsonValueKind.False => Flag,
            JsonValueKind.Number => Number,
            JsonValueKind.Object => Object,
            JsonValueKind.Array => Array,
            _ => null,
        };
        if (type != rule.Type)
            return $"{rule.Path} is not of a type(s) {rule.Type}";
        if (rule is (_, _, 0, int.MaxValue))
            return null;
        var length =
            found is JsonArray list ? list.Count
            : type == Text ? found!.GetValue<string>().Length
            : 0;
        return length < rule.Least ? $"{rule.Path} does not meet minimum length of {rule.Least}"
            : length > rule.Most ? $"{rule.Path} does not meet maximum length of {rule.Most}"
            : null;
    }

    /// <summary>All that stands there; a path that ends with a dot names an array's items.</summary>
    private static IEnumerable<JsonNode?> Find(JsonNode? node, string path)
    {
        if (node is JsonArray items)
            return items.SelectMany(item => Find(item, path));
        if (path.Length == 0)
            return [node];
        var (first, rest) = path.Split('.', 2) is [var head, var tail]
            ? (head, tail)
            : (path, null);
        if (node is not JsonObject fields || !fields.TryGetPropertyValue(first, out var field))
            return [];
        return rest is null ? [field] : Find(field, rest);
    }
}
