using System.CommandLine;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Testing.Evolution;

/// <summary><c>./dev fake-evolution</c>: the fake alone, for trying things by hand.</summary>
internal static class FakeEvolutionCommand
{
    public static RootCommand Build()
    {
        var port = new Option<int>("--port")
        {
            Description = "The port on 127.0.0.1.",
            DefaultValueFactory = _ => 8081,
        };
        var instance = new Option<string>("--instance")
        {
            Description = "A number that is connected from the start.",
            DefaultValueFactory = _ => "demo",
        };
        var version = new Option<string>("--evolution")
        {
            Description = "The release that it plays: from 2.4 on it takes ids of messages.",
            DefaultValueFactory = _ => "2.3.7",
        };
        var webhook = new Option<Uri?>("--webhook")
        {
            Description = "Where it posts its webhooks until FlowChat sets an address.",
            CustomParser = result => new Uri(result.Tokens[0].Value),
        };
        var secret = new Option<string>("--secret")
        {
            Description = "Sent with the webhooks as a Bearer token.",
            DefaultValueFactory = _ => "",
        };
        var qrSeconds = new Option<double>("--qr-seconds")
        {
            Description = "How long a pairing code is shown before the next comes.",
            DefaultValueFactory = _ => 20,
        };
        var command = new RootCommand(
            "Evolution's API without WhatsApp. A typed line such as \"5511987654321 Olá\" arrives as that phone's message."
        )
        {
            port,
            instance,
            version,
            webhook,
            secret,
            qrSeconds,
        };
        command.SetAction(
            (options, ct) =>
                RunAsync(
                    options.GetValue(port),
                    options.GetRequiredValue(instance),
                    options.GetRequiredValue(version),
                    options.GetValue(webhook),
                    options.GetRequiredValue(secret),
                    TimeSpan.FromSeconds(options.GetValue(qrSeconds)),
                    ct
                )
        );
        return command;
    }

    private static async Task RunAsync(
        int port,
        string name,
        string version,
        Uri? webhook,
        string secret,
        TimeSpan qrInterval,
        CancellationToken ct
    )
    {
        await using var fake = await FakeEvolution.StartAsync(port);
        fake.QrInterval = qrInterval;
        fake.Version = version;
        fake.Echo = new EchoPlan
        {
            Receipts = [WhatsAppStatus.ServerAck, WhatsAppStatus.DeliveryAck, WhatsAppStatus.Read],
        };
        if (webhook is not null)
            fake.DefaultWebhook = WebhookTarget.WithSecret(webhook, secret);
        await new FakeEvolutionConsole(
            fake,
            fake.AddInstance(name),
            Console.In,
            Console.Out
        ).RunAsync(ct);
    }
}
