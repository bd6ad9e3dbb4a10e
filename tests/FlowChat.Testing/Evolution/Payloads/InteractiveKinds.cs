using System.Text.Json.Nodes;

namespace FlowChat.Testing.Evolution.Payloads;

/// <summary>Lists, templates and buttons of the newer kind, and what people choose of them.</summary>
public static class InteractiveKinds
{
    public static JsonObject List() =>
        new()
        {
            ["listMessage"] = new JsonObject
            {
                ["title"] = "Entrega",
                ["description"] = "Quando entregamos?",
                ["buttonText"] = "Escolher",
                ["footerText"] = "Loja Aurora",
                ["listType"] = "SINGLE_SELECT",
                ["sections"] = new JsonArray(
                    new JsonObject
                    {
                        ["title"] = "Esta semana",
                        ["rows"] = new JsonArray(
                            new JsonObject { ["title"] = "Amanhã", ["rowId"] = "tomorrow" }
                        ),
                    }
                ),
            },
        };

    public static JsonObject Template() =>
        new()
        {
            ["templateMessage"] = new JsonObject
            {
                ["hydratedTemplate"] = new JsonObject
                {
                    ["hydratedContentText"] = "Seu pedido chegou",
                    ["hydratedFooterText"] = "Loja Aurora",
                    ["hydratedButtons"] = new JsonArray(
                        new JsonObject
                        {
                            ["index"] = 0,
                            ["quickReplyButton"] = new JsonObject
                            {
                                ["id"] = "ok",
                                ["displayText"] = "Obrigado",
                            },
                        }
                    ),
                },
            },
        };

    public static JsonObject TemplateReply() =>
        new()
        {
            ["templateButtonReplyMessage"] = new JsonObject
            {
                ["selectedId"] = "ok",
                ["selectedDisplayText"] = "Obrigado",
                ["selectedIndex"] = 0,
            },
        };

    public static JsonObject Native(string text = "Confirma o pedido?") =>
        new()
        {
            ["interactiveMessage"] = new JsonObject
            {
                ["header"] = new JsonObject { ["title"] = "Pedido 814" },
                ["body"] = new JsonObject { ["text"] = text },
                ["footer"] = new JsonObject { ["text"] = "Loja Aurora" },
                ["nativeFlowMessage"] = new JsonObject
                {
                    ["buttons"] = new JsonArray(
                        new JsonObject
                        {
                            ["name"] = "quick_reply",
                            ["buttonParamsJson"] = """{"display_text":"Sim","id":"yes"}""",
                        }
                    ),
                },
            },
        };

    public static JsonObject NativeReply() =>
        new()
        {
            ["interactiveResponseMessage"] = new JsonObject
            {
                ["body"] = new JsonObject { ["text"] = "Sim" },
                ["nativeFlowResponseMessage"] = new JsonObject
                {
                    ["name"] = "quick_reply",
                    ["paramsJson"] = """{"id":"yes"}""",
                    ["version"] = 3,
                },
            },
        };

    /// <summary>A Flow's form, filled in.</summary>
    public static JsonObject FlowReply(string paramsJson)
    {
        var reply = NativeReply();
        var fields = reply["interactiveResponseMessage"]!;
        fields["body"] = new JsonObject { ["text"] = "Sent" };
        fields["nativeFlowResponseMessage"]!["name"] = "flow";
        fields["nativeFlowResponseMessage"]!["paramsJson"] = paramsJson;
        return reply;
    }

    /// <summary>Each kind that has a header, with this medium in it.</summary>
    public static JsonObject WithHeader(this JsonObject message, JsonObject medium)
    {
        var (kind, fields) = message.Single();
        var holder = kind switch
        {
            "templateMessage" => fields!["hydratedTemplate"]!,
            "interactiveMessage" => fields!["header"]!,
            _ => fields!,
        };
        var (name, content) = medium.Single();
        holder[name] = content!.DeepClone();
        return message;
    }

    /// <summary>Which only the phone that has the template could show.</summary>
    public static JsonObject BareTemplate() =>
        new()
        {
            ["templateMessage"] = new JsonObject
            {
                ["fourRowTemplate"] = new JsonObject
                {
                    ["content"] = new JsonObject { ["elementName"] = "order_ready" },
                },
            },
        };

    public static JsonObject TemplateOfNative() =>
        new()
        {
            ["templateMessage"] = new JsonObject
            {
                ["interactiveMessageTemplate"] = Native()["interactiveMessage"]!.DeepClone(),
            },
        };

    public static JsonObject Carousel()
    {
        var message = Native("Novidades");
        var fields = message["interactiveMessage"]!.AsObject();
        fields.Remove("nativeFlowMessage");
        fields["carouselMessage"] = new JsonObject
        {
            ["cards"] = new JsonArray(Native("Chá")["interactiveMessage"]!.DeepClone()),
        };
        return message;
    }

    /// <summary>What sendButtons makes.</summary>
    internal static JsonObject SentButtons(JsonObject body)
    {
        var message = Native(body["title"]!.GetValue<string>());
        var native = message["interactiveMessage"]!;
        native["footer"] = new JsonObject { ["text"] = body["footer"]?.DeepClone() };
        native["nativeFlowMessage"]!["buttons"] = new JsonArray([
            .. body["buttons"]!
                .AsArray()
                .Select(button =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["name"] = "quick_reply",
                            ["buttonParamsJson"] = EvolutionJson.Text(
                                new JsonObject
                                {
                                    ["display_text"] = button!["displayText"]?.DeepClone(),
                                    ["id"] = button["id"]?.DeepClone(),
                                }
                            ),
                        }
                ),
        ]);
        return new() { ["viewOnceMessage"] = new JsonObject { ["message"] = message } };
    }

    /// <summary>What sendList makes.</summary>
    internal static JsonObject SentList(JsonObject body)
    {
        var message = List();
        foreach (var field in (string[])["title", "description", "footerText", "buttonText"])
            message["listMessage"]![field] = body[field]?.DeepClone();
        message["listMessage"]!["sections"] = body["sections"]!.DeepClone();
        return message;
    }
}
