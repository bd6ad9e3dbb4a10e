using FlowChat.Testing.Servers;

namespace FlowChat.Bench.Peers;

/// <summary>What ASP.NET Core can do here at all: the same webhook bound from JSON, answered, and nothing kept.</summary>
internal static class BareKestrel
{
    public const string Command = "bare-kestrel";
    private const string Ready = "Bare Kestrel is ready on ";

    /// <summary>In a process of its own, as FlowChat is.</summary>
    public static async Task<(ChildProcess Process, int Port)> StartAsync(CancellationToken ct)
    {
        var process = ChildProcess.Start(
            Environment.ProcessPath!,
            [Command],
            new Dictionary<string, string>()
        );
        var line = await process.WaitForLineAsync(
            line => line.StartsWith(Ready, StringComparison.Ordinal),
            ct
        );
        return (process, new Uri(line[Ready.Length..]).Port);
    }

    public static async Task RunAsync(CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost(
            "/webhooks/{instance}",
            (string instance, Envelope envelope) =>
                new Answer(
                    envelope is { Event: "messages.upsert", Data.Message.Conversation.Length: > 0 }
                        ? 1
                        : 0
                )
        );
        await app.StartAsync(ct);
        Console.WriteLine($"{Ready}{app.Urls.Single()}");
        await app.WaitForShutdownAsync(ct);
    }

    private sealed record Answer(int Accepted);

    private sealed record Envelope(string Event, string Instance, Data Data);

    private sealed record Data(
        Key Key,
        string PushName,
        Content Message,
        string MessageType,
        long MessageTimestamp
    );

    private sealed record Key(string RemoteJid, bool FromMe, string Id);

    private sealed record Content(string Conversation);
}
