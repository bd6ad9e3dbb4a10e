using System.CommandLine;
using System.Text.Json.Nodes;
using FlowChat.Commands;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Servers;

namespace FlowChat.Tests.Commands;

/// <summary>The operator's commands, beside a running server.</summary>
public sealed class QueueCommandTests(QueueCommandTests.Impatient flowChat)
    : IClassFixture<QueueCommandTests.Impatient>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Queues_are_shown_as_a_table_and_as_json()
    {
        var table = await RunAsync("queues");
        var json = await RunAsync("queues", "--json");

        Assert.Equal((0, 0), (table.Exit, json.Exit));
        Assert.Contains("send_message", table.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', table.Output);
        Assert.Equal(
            ["mark_as_read", "send_message"],
            JsonNode.Parse(json.Output)!["queues"]!
                .AsArray()
                .Select(q => q!["name"]!.GetValue<string>())
        );
    }

    [Fact]
    public async Task Dead_letters_are_listed_shown_counted_and_run_again()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        number.Gateway.Script.Always(Reply.Refused(Answer.Error(503, "[Boom] by command")));
        var message = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);
        await number.WaitAsync(message, "failed", Ct);
        number.Gateway.Script.Clear();

        var list = await RunAsync("dead-letters", "list", "--q", "[boom] by command");
        var show = await RunAsync("dead-letters", "show", $"{message.Id}");
        var dry = await RunAsync("dead-letters", "requeue", $"{message.Id}", "--dry-run");
        var unsure = await RunAsync("dead-letters", "requeue", $"{message.Id}");
        Assert.Equal("dead", (await number.JobAsync(message))!.State);
        var done = await RunAsync(
            "dead-letters",
            "requeue",
            $"{message.Id}",
            "--per-second",
            "10",
            "--yes"
        );

        Assert.Contains($"{message.Id}", list.Output, StringComparison.Ordinal);
        Assert.Contains("[Boom] by command", list.Output, StringComparison.Ordinal);
        Assert.Equal(message.Id, JsonNode.Parse(show.Output)!["id"]!.GetValue<Guid>());
        Assert.Contains(
            "1 dead letters match. Nothing was changed.",
            dry.Output,
            StringComparison.Ordinal
        );
        Assert.Equal((0, 1, 0), (dry.Exit, unsure.Exit, done.Exit));
        Assert.Contains("1 dead letters run again.", done.Output, StringComparison.Ordinal);
        await number.WaitAsync(message, "sent", Ct);
    }

    [Fact]
    public async Task Discarded_they_are_gone()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        number.Gateway.Script.Always(Reply.Refused(Answer.Error(503, "Discard me")));
        var message = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);
        await number.WaitAsync(message, "failed", Ct);

        var done = await RunAsync("dead-letters", "discard", "--q", "discard ME", "--yes");
        var show = await RunAsync("dead-letters", "show", $"{message.Id}");

        Assert.Equal((0, 1), (done.Exit, show.Exit));
        Assert.Null(await number.JobAsync(message));
    }

    [Fact(Timeout = 120_000)]
    public async Task The_doctor_finds_all_well_and_a_job_comes_round()
    {
        var lines = await FlowChatProcess.RunAsync(
            new Dictionary<string, string> { ["DATABASE_URL"] = flowChat.ConnectionString },
            Ct,
            "doctor",
            "--json"
        );

        var report = JsonNode.Parse(string.Join('\n', lines))!;
        Assert.True(report["ok"]!.GetValue<bool>());
        var checks = report["checks"]!.AsArray();
        Assert.Contains(checks, check => check!["name"]!.GetValue<string>() == "job's round trip");
        Assert.All(checks, check => Assert.True(check!["milliseconds"]!.GetValue<double>() > 0));
    }

    [Fact(Timeout = 120_000)]
    public async Task The_doctor_names_what_is_wrong_and_ends_with_an_error()
    {
        await using var doctor = ChildProcess.Start(
            FlowChatProcess.Program,
            ["doctor"],
            new Dictionary<string, string>
            {
                ["DATABASE_URL"] = "postgres://nobody:wrong@127.0.0.1:1/nothing",
            }
        );

        var exit = await doctor.WaitForExitAsync(Ct);

        Assert.Equal(1, exit);
        Assert.Contains(
            doctor.Output.All,
            line => line.Contains("FAILED", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(
            doctor.Output.All,
            line => line.Contains("wrong", StringComparison.Ordinal)
        );
    }

    private async Task<(int Exit, string Output)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        var root = new RootCommand
        {
            QueuesCommand.Build(_ => Task.FromResult(flowChat.Server.Services)),
            DeadLettersCommand.Build(_ => Task.FromResult(flowChat.Server.Services)),
        };
        var exit = await root.Parse(arguments)
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = output }, Ct);
        return (exit, output.ToString());
    }

    public sealed class Impatient(SharedPostgres postgres)
        : SendingFlowChat(
            postgres,
            new Dictionary<string, string?> { ["CHAT_STREAM_MAX_RETRIES"] = "1" }
        );
}
