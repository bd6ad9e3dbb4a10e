using System.Text.Json;
using FlowChat.Messages.Content;

namespace FlowChat.Inbound.Evolution.Kinds;

/// <summary>Reads buttons and lists, and what people chose of them.</summary>
internal static class EvolutionInteractive
{
    private const int MostOptions = 100;

    /// <summary>Null = it asks nothing.</summary>
    public static (string? Text, InteractiveContent Content)? Read(MessageBody body)
    {
        var fields = body.Fields;
        return body.Kind switch
        {
            "buttonsMessage" => (
                fields.Text("contentText"),
                new(
                    fields.Text("text"),
                    fields.Text("footerText"),
                    Options(
                        fields.List("buttons"),
                        button =>
                            Option(
                                button.Text("buttonId"),
                                button.Child("buttonText")?.Text("displayText")
                            )
                    )
                )
            ),
            "listMessage" => (
                fields.Text("description"),
                new(
                    fields.Text("title"),
                    fields.Text("footerText"),
                    Options(
                        fields.List("sections").SelectMany(section => section.List("rows")),
                        row => Option(row.Text("rowId"), row.Text("title"), row.Text("description"))
                    )
                )
            ),
            "templateMessage" => Template(
                fields.Child("hydratedTemplate")
                    ?? fields.Child("hydratedFourRowTemplate")
                    ?? fields
            ),
            "interactiveMessage" => (
                fields.Child("body")?.Text("text"),
                new(
                    fields.Child("header")?.Text("title"),
                    fields.Child("footer")?.Text("text"),
                    Options(
                        fields.Child("nativeFlowMessage")?.List("buttons") ?? [],
                        button => Option(null, DisplayText(button.Text("buttonParamsJson")))
                    )
                )
            ),
            _ => null,
        };
    }

    /// <summary>Null = nobody chose anything.</summary>
    public static ChoiceContent? ReadChoice(MessageBody body)
    {
        var fields = body.Fields;
        return body.Kind switch
        {
            "buttonsResponseMessage" => Choice(
                fields.Text("selectedButtonId"),
                fields.Text("selectedDisplayText")
            ),
            "templateButtonReplyMessage" => Choice(
                fields.Text("selectedId"),
                fields.Text("selectedDisplayText")
            ),
            "listResponseMessage" => Choice(
                fields.Child("singleSelectReply")?.Text("selectedRowId"),
                fields.Text("title"),
                fields.Text("description")
            ),
            "interactiveResponseMessage" => Choice(
                fields.Child("nativeFlowResponseMessage")?.Text("name"),
                fields.Child("body")?.Text("text")
            ),
            _ => null,
        };
    }

    private static (string?, InteractiveContent) Template(JsonElement template) =>
        (
            template.Text("hydratedContentText"),
            new(
                template.Text("hydratedTitleText"),
                template.Text("hydratedFooterText"),
                Options(
                    template.List("hydratedButtons"),
                    button =>
                    {
                        var kind =
                            button.Child("quickReplyButton")
                            ?? button.Child("urlButton")
                            ?? button.Child("callButton");
                        return Option(kind?.Text("id"), kind?.Text("displayText"));
                    }
                )
            )
        );

    private static ChoiceContent Choice(string? id, string? title, string? description = null) =>
        new(id, title ?? id ?? "", description);

    private static InteractiveOption? Option(
        string? id,
        string? title,
        string? description = null
    ) => title is null ? null : new(id, title, description);

    private static List<InteractiveOption> Options(
        IEnumerable<JsonElement> elements,
        Func<JsonElement, InteractiveOption?> read
    ) => [.. elements.Take(MostOptions).Select(read).OfType<InteractiveOption>()];

    private static string? DisplayText(string? json)
    {
        try
        {
            return json is null ? null : JsonElement.Parse(json).Text("display_text");
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
