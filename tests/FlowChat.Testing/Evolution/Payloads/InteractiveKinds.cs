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
