using System.CommandLine;
using System.Text.Json.Nodes;

namespace FlowChat.Testing.Cloud;

/// <summary><c>./dev fake-cloud</c>: the fake alone, for trying things by hand.</summary>
internal static class FakeCloudCommand
{
    private static readonly string[] Templates =
    [
        """
            {"name":"lembrete_entrega","language":"pt_BR","status":"APPROVED","category":"UTILITY","id":"1","components":[
              {"type":"HEADER","format":"TEXT","text":"Pedido {{1}}","example":{"header_text":["42"]} },
              {"type":"BODY","text":"Olá {{1}}, sua entrega chega {{2}}.","example":{"body_text":[["Ana","hoje à tarde"]]} },
              {"type":"FOOTER","text":"Loja Centro"},
              {"type":"BUTTONS","buttons":[{"type":"QUICK_REPLY","text":"Combinado"}]}]}
            """,
        """
            {"name":"boas_vindas","language":"pt_BR","status":"APPROVED","category":"MARKETING","id":"2","components":[
              {"type":"BODY","text":"Que bom ter você aqui, {{nome}}! Em que podemos ajudar?",
               "example":{"body_text_named_params":[{"param_name":"nome","example":"Ana"}]} }]}
            """,
        """
            {"name":"promo_imagem","language":"pt_BR","status":"APPROVED","category":"MARKETING","id":"3","components":[
              {"type":"HEADER","format":"IMAGE"},{"type":"BODY","text":"Só hoje: tudo com 20% de desconto."}]}
            """,
    ];

    public static Command Build()
    {
        var port = new Option<int>("--port")
        {
            Description = "The port on 127.0.0.1.",
            DefaultValueFactory = _ => 8082,
        };
        var number = new Option<string>("--number")
        {
            Description = "The phone_number_id of the number that is there from the start.",
            DefaultValueFactory = _ => "106540352242922",
        };
        var webhook = new Option<Uri?>("--webhook")
        {
            Description =
                "The callback URL that FlowChat showed; its verify token follows with --verify-token.",
            CustomParser = result => new Uri(result.Tokens[0].Value),
        };
        var token = new Option<string>("--verify-token")
        {
            Description = "What FlowChat showed with the callback URL.",
            DefaultValueFactory = _ => "",
        };
        var command = new Command(
            "cloud",
            "Meta's Graph API without WhatsApp. A typed line such as \"5511987654321 Olá\" arrives as that phone's message."
        )
        {
            port,
            number,
            webhook,
            token,
        };
        command.SetAction(
            (options, ct) =>
                RunAsync(
                    options.GetValue(port),
                    options.GetRequiredValue(number),
                    options.GetValue(webhook),
                    options.GetRequiredValue(token),
                    ct
                )
        );
        return command;
    }

    private static async Task RunAsync(
        int port,
        string phoneNumberId,
        Uri? webhook,
        string verifyToken,
        CancellationToken ct
    )
    {
        await using var fake = await FakeCloud.StartAsync(port);
        var number = fake.AddNumber(phoneNumberId);
        foreach (var template in Templates)
            fake.Templates.Add(JsonNode.Parse(template));
        fake.Receipts = ["sent", "delivered", "read"];
        await new FakeCloudConsole(fake, number, Console.In, Console.Out).RunAsync(
            webhook,
            verifyToken,
            ct
        );
    }
}
