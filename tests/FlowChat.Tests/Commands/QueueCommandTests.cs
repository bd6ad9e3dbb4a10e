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
            [
                "change_message",
                "fetch_group_info",
                "fetch_profile_pic",
                "mark_as_read",
                "process_incoming_media",
                "send_message",
            ],
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
            "1 dead letter matches. Nothing was changed.",
            dry.Output,
            StringComparison.Ordinal
        );
        Assert.Equal((0, 1, 0), (dry.Exit, unsure.Exit, done.Exit));
        Assert.Contains("1 dead letter runs again.", done.Output, StringComparison.Ordinal);
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

    [Fact]
    public async Task A_requeue_answers_in_json_like_the_api()
    {
        var dry = await RunAsync("dead-letters", "requeue", "--q", "of nobody", "--json");

        Assert.Equal("""{"count":0,"dry_run":false}""", dry.Output.Trim());
    }

    [Theory]
    [InlineData("--pace is neither", "dead-letters", "requeue", "--pace", "5", "--yes")]
    [InlineData("nope is neither", "dead-letters", "discard", "nope", "--yes")]
    [InlineData("--per-second: Give", "dead-letters", "requeue", "--per-second", "abc")]
    [InlineData("--per-second: Give", "dead-letters", "requeue", "--per-second", "1e-300")]
    [InlineData("--q: give", "dead-letters", "discard", "--q", " ", "--yes")]
    [InlineData("--send-workers: give", "worker", "--send-workers", "x")]
    [InlineData("--send-workers: give", "worker", "--send-workers", "-1")]
    [InlineData("'send_message'", "queues", "pause", "nope")]
    public async Task What_cant_be_meant_is_refused_with_the_remedy(
        string remedy,
        params string[] arguments
    )
    {
        var refused = await RunAsync(arguments);

        Assert.Equal(1, refused.Exit);
        Assert.Contains(remedy, refused.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_redis_there_are_no_strangers_and_no_copy_and_the_remedy_is_named()
    {
        var copy = await RunAsync("dead-letters", "copy");
        var strangers = await RunAsync("dead-letters", "strangers", "--json");

        Assert.Equal(1, copy.Exit);
        Assert.Contains("CHAT_STREAM_REDIS_URL", copy.Output, StringComparison.Ordinal);
        Assert.Equal((0, ""), strangers);
    }

    [Fact]
    public async Task A_queue_is_paused_and_goes_on()
    {
        var paused = await RunAsync("queues", "pause", "mark_as_read");
        var table = await RunAsync("queues");
        var resumed = await RunAsync("queues", "resume", "mark_as_read");
        var after = await RunAsync("queues");

        Assert.Equal((0, 0), (paused.Exit, resumed.Exit));
        Assert.Contains("mark_as_read (paused)", table.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("paused", after.Output, StringComparison.Ordinal);
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
        Assert.Contains(
            checks,
            check => check!["name"]!.GetValue<string>() == "job's round trip by postgresql"
        );
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
            WorkerCommand.Build(),
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
