using System.Text.Json;
using FlowChat.Messages.Content;

namespace FlowChat.Inbound.Evolution.Kinds;

/// <summary>Reads buttons and lists, and what people chose of them.</summary>
internal static class EvolutionInteractive
{
    private const int MostOptions = 100;

    private static readonly string[] Media = ["imageMessage", "videoMessage", "documentMessage"];

    /// <summary>Null = it asks nothing.</summary>
    public static EvolutionQuestion? Read(MessageBody body)
    {
        var fields = body.Fields;
        return body.Kind switch
        {
            "buttonsMessage" => new(
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
                ),
                Header(body, fields)
            ),
            "listMessage" => new(
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
            "templateMessage" => fields.Child("interactiveMessageTemplate") is { } native
                ? Native(body, native)
                : Template(
                    body,
                    fields.Child("hydratedTemplate")
                        ?? fields.Child("hydratedFourRowTemplate")
                        ?? fields
                ),
            "interactiveMessage" => Native(body, fields),
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
            ) with
            {
                Answers = FormAnswers.Read(
                    fields.Child("nativeFlowResponseMessage")?.Text("paramsJson")
                ),
            },
            _ => null,
        };
    }

    private static EvolutionQuestion Template(MessageBody body, JsonElement template) =>
        new(
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
            ),
            Header(body, template)
        );

    private static EvolutionQuestion Native(MessageBody body, JsonElement fields) =>
        new(
            fields.Child("body")?.Text("text"),
            new(
                fields.Child("header")?.Text("title"),
                fields.Child("footer")?.Text("text"),
                Options(
                    fields.Child("nativeFlowMessage")?.List("buttons") ?? [],
                    button => Option(null, DisplayText(button.Text("buttonParamsJson")))
                )
            ),
            fields.Child("header") is { } header ? Header(body, header) : null
        )
        {
            HasCards = fields.Child("carouselMessage") is not null,
        };

    private static MessageBody? Header(MessageBody body, JsonElement holder)
    {
        foreach (var kind in Media)
        {
            if (holder.Child(kind) is { ValueKind: JsonValueKind.Object } medium)
            {
                return body with { Kind = kind, Fields = medium };
            }
        }
        return null;
    }

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
