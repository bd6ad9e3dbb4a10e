using System.CommandLine;
using System.Net;
using FlowChat.Operations;
using FlowChat.Operations.Work;
using FlowChat.Settings;
using FlowChat.Storage;
using Npgsql;

namespace FlowChat.Commands;

/// <summary><c>flowchat health</c>: whether the FlowChat of this machine is well, as a container's health check asks.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // A worker's name has its machine's: worker-{host}-{process}-{number}.
    private const string CountWorkers = """
        select count(*) from queue_workers
        where regexp_replace(name, '-\d+-\d+$', '') = 'worker-' || $1 and seen_at > now() - make_interval(secs => $2)
        """;

    public static Command Build()
    {
        var alive = new Option<bool>("--alive")
        {
            Description = "Only whether the process answers, whatever it depends on.",
        };
        var workers = new Option<bool>("--workers")
        {
            Description = "Of a flowchat worker: whether workers of this machine are at work.",
        };
        var command = new Command(
            "health",
            "Ask the FlowChat of this machine whether it is ready. Exit code 1 when it isn't."
        )
        {
            alive,
            workers,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(
                    parsed.InvocationConfiguration.Output,
                    parsed.GetValue(workers) ? CountAsync
                        : parsed.GetValue(alive) ? ct => AskAsync("/health", ct)
                        : ct => AskAsync("/health/ready", ct),
                    cancellationToken
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        TextWriter output,
        Func<CancellationToken, Task<(bool Well, string Told)>> ask,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            var (well, told) = await ask(limit.Token);
            output.WriteLine(told);
            return well ? 0 : 1;
        }
        catch (Exception error)
            when (error is HttpRequestException or OperationCanceledException or NpgsqlException)
        {
            output.WriteLine(
                error is OperationCanceledException ? "There is no answer." : error.Message
            );
            return 1;
        }
    }

    private static async Task<(bool, string)> AskAsync(
        string path,
        CancellationToken cancellationToken
    )
    {
        var settings = FlowChatSettings.Read(FlowChatApp.CreateHostBuilder().Configuration);
        var host =
            settings.Bind.Equals(IPAddress.Any) ? IPAddress.Loopback
            : settings.Bind.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback
            : settings.Bind;
        var address = new UriBuilder("http", $"{host}", settings.Port, path);
        using var http = new HttpClient();
        using var answer = await http.GetAsync(address.Uri, cancellationToken);
        return (
            answer.IsSuccessStatusCode,
            await answer.Content.ReadAsStringAsync(cancellationToken)
        );
    }

    private static async Task<(bool, string)> CountAsync(CancellationToken cancellationToken)
    {
        var configuration = FlowChatApp.CreateHostBuilder().Configuration;
        var settings = FlowChatSettings.Read(configuration);
        await using var server = await DatabaseServer.OpenAsync(
            settings,
            configuration,
            cancellationToken,
            command: true
        );
        await using var database = new Database(server.ConnectionString);
        await using var command = database.System.CreateCommand(CountWorkers);
        command.Parameters.Add(SqlBatch.Value(Environment.MachineName));
        command.Parameters.Add(SqlBatch.Value(WorkReport.Silence.TotalSeconds));
        var count = (long)(await command.ExecuteScalarAsync(cancellationToken))!;
        return (count > 0, $"{count} workers of {Environment.MachineName} are at work.");
    }
}
