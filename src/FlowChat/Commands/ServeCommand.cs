using System.CommandLine;
using FlowChat.Operations;
using FlowChat.Operations.Stopping;
using FlowChat.Operations.Work;
using FlowChat.Settings;

namespace FlowChat.Commands;

/// <summary><c>flowchat serve</c>: the API, the page and, unless they run elsewhere, the workers.</summary>
internal static class ServeCommand
{
    public static Command Build()
    {
        var noWorkers = new Option<bool>("--no-workers")
        {
            Description = "Leave the queues to other processes.",
        };
        var command = new Command(
            "serve",
            "Run FlowChat: API, inbox and workers. This is what happens without a command."
        )
        {
            noWorkers,
        };
        command.SetAction(
            (parsed, cancellationToken) => RunAsync(!parsed.GetValue(noWorkers), cancellationToken)
        );
        return command;
    }

    public static async Task<int> RunAsync(bool workers, CancellationToken cancellationToken)
    {
        var builder = FlowChatApp.CreateBuilder();
        var settings = FlowChatSettings.Read(builder.Configuration);
        ListenAddress.Try(settings);
        await using var server = await DatabaseServer.OpenAsync(
            settings,
            builder.Configuration,
            cancellationToken
        );
        builder.AddCore(settings, server.ConnectionString);
        builder.AddQueues(settings, workers);
        builder.AddWeb(settings);
        builder.Services.IgnoreSignals();
        await using var app = builder.Build();
        app.MapEverything();
        var owner = await app.Services.StartStorageAsync(cancellationToken);
        using var signals = new StopSignals();
        await app.StartAsync(cancellationToken);
        Welcome.Print(Console.Out, app.Urls, owner, settings);
        return await app.RunUntilAskedAsync(signals, cancellationToken);
    }
}
