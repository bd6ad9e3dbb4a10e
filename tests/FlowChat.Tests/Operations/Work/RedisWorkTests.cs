using System.Diagnostics;
using System.Text.Json.Nodes;
using FlowChat.Media.Incoming;
using FlowChat.Operations.Custody;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Servers;
using FlowChat.Tests.Operations.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FlowChat.Tests.Operations.Work;

/// <summary>Workers and figures where a Redis carries the jobs.</summary>
public sealed class RedisWorkTests(SharedPostgres postgres)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task A_redis_that_drops_keys_is_named_by_the_alerts_and_by_the_doctor()
    {
        await using var redis = await RedisServer.StartedAsync(
            Ct,
            settings: ["--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"]
        );
        var settings = await SettingsAsync(redis);
        await using var server = await ServeAsync(settings);

        var board = await server.Client.GetAsync<JsonObject>("/api/queue/metrics", Ct);
        await using var doctor = ChildProcess.Start(FlowChatProcess.Program, ["doctor"], settings);
        var exit = await doctor.WaitForExitAsync(Ct);

        // Media go by RabbitMQ, or by nothing.
        Assert.All(
            board["queues"]!.AsArray(),
            queue =>
                Assert.Equal(
                    Text(queue, "name") == ProcessMediaJob.Queue ? "postgres" : "redis",
                    Text(queue, "backend")
                )
        );
        var alert = Assert.Single(
            board["alerts"]!.AsArray(),
            alert => Text(alert, "code") == "broker"
        );
        Assert.Contains("allkeys-lru", Text(alert, "text"), StringComparison.Ordinal);
        Assert.Equal(1, exit);
        Assert.Contains("FAILED redis", Said(doctor), StringComparison.Ordinal);
        Assert.Contains("job's round trip", Said(doctor), StringComparison.Ordinal);
        Assert.DoesNotContain("FAILED job's", Said(doctor), StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Processes_that_divide_a_queue_otherwise_are_told_wherever_alerts_are()
    {
        await using var redis = await RedisServer.StartedAsync(Ct);
        var settings = await SettingsAsync(redis);
        await using var server = await ServeAsync(settings, workers: true);
        await using var worker = await FlowChatProcess.StartWorkersAsync(
            new Dictionary<string, string>(settings) { ["CHAT_STREAM_PARTITIONS"] = "3" },
            Ct
        );
        const string Told = "send_message into 3 partitions, this one into 1";

        // A worker tells Redis soon after it is ready.
        JsonObject board;
        do board = await server.Client.GetAsync<JsonObject>("/api/queue/metrics", Ct);
        while (!board.ToJsonString().Contains(Told, StringComparison.Ordinal));
        var status = await server.Client.GetAsync<JsonObject>(
            "/api/chat/reactions/queues/status/",
            Ct
        );
        var queues = await FlowChatProcess.RunAsync(settings, Ct, "queues", "--json");

        Assert.Contains(
            board["alerts"]!.AsArray(),
            alert => Text(alert, "text").Contains(Told, StringComparison.Ordinal)
        );
        Assert.Contains(Told, status["alerts"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains(Told, string.Concat(queues), StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_requeued_send_goes_out_without_waiting_for_the_reconciler()
    {
        await using var redis = await RedisServer.StartedAsync(Ct);
        var settings = await SettingsAsync(redis);
        await using var server = await ServeAsync(settings, workers: true, attempts: 1);
        await using var number = await TestNumber.ConnectAsync(server, Ct);
        number.Gateway.Script.Next(Reply.Refused(Answer.Error(503, "Boom")));
        var message = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);
        await number.WaitAsync(message, "failed", Ct);

        var since = Stopwatch.GetTimestamp();
        await server.Client.PostAsync<JsonObject>(
            "/api/queues/send_message/dead-letters/requeue",
            new { Ids = new[] { message.Id } },
            Ct
        );
        await number.WaitAsync(message, "sent", Ct);

        Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.Zero, TimeSpan.FromSeconds(3));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_frozen_redis_is_told_within_a_moment()
    {
        await using var redis = await RedisServer.StartedAsync(Ct);
        await using var server = await ServeAsync(await SettingsAsync(redis));
        await server.Client.GetAsync<JsonObject>("/api/queue/metrics", Ct);
        await redis.Process.SignalAsync("STOP", Ct);

        var since = Stopwatch.GetTimestamp();
        var board = await server.Client.GetAsync<JsonObject>("/api/queue/metrics", Ct);
        var took = Stopwatch.GetElapsedTime(since);

        await redis.Process.SignalAsync("CONT", Ct);
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.Contains(
            board["alerts"]!.AsArray(),
            alert => Text(alert, "text").StartsWith("redis: ", StringComparison.Ordinal)
        );
    }

    [Fact(Timeout = 120_000)]
    public async Task A_queue_that_a_command_resumes_goes_on_at_once()
    {
        await using var redis = await RedisServer.StartedAsync(Ct);
        var settings = await SettingsAsync(redis);
        await using var server = await ServeAsync(settings, workers: true);
        await using var number = await TestNumber.ConnectAsync(server, Ct);
        await FlowChatProcess.RunAsync(settings, Ct, "queues", "pause", "send_message");
        var message = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);

        await FlowChatProcess.RunAsync(settings, Ct, "queues", "resume", "send_message");
        var since = Stopwatch.GetTimestamp();
        await number.WaitAsync(message, "sent", Ct);

        Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    [Fact(Timeout = 120_000)]
    public async Task What_the_reconciler_brought_and_what_redis_holds_is_told_to_Prometheus()
    {
        const string Reconciled =
            "flowchat_queues_reconciled_jobs_total{messaging_destination_name=\"send_message\"}";
        const string Entries = "flowchat_custody_jobs{place=\"entries\",queue=\"send_message\"}";
        await using var redis = await RedisServer.StartedAsync(Ct);
        var settings = new Dictionary<string, string>(await SettingsAsync(redis))
        {
            ["CHAT_STREAM_REDIS_DB"] = "0",
        };
        await using var server = await ServeAsync(settings);
        await using var number = await TestNumber.ConnectAsync(server, Ct);
        var message = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);
        while (await redis.AskAsync("XLEN chat:stream:send_message", Ct) != "1")
            await Task.Yield();
        Assert.Equal(0, (await ScrapeAsync(server)).Samples[Reconciled]);

        await redis.AskAsync("FLUSHALL", Ct);
        while ((await ScrapeAsync(server)).Samples[Reconciled] < 1)
            await Task.Yield();

        await using var worker = await ServeAsync(settings, workers: true);
        await number.WaitAsync(message, "sent", Ct);
        await worker
            .Services.GetServices<IHostedService>()
            .OfType<CustodySweep>()
            .Single()
            .RunOnceAsync(Ct);
        Assert.Equal(0, (await ScrapeAsync(worker)).Samples[Entries]);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_dead_send_is_copied_to_redis_and_a_lost_copy_is_made_anew_by_a_command()
    {
        await using var redis = await RedisServer.StartedAsync(Ct);
        var settings = new Dictionary<string, string>(await SettingsAsync(redis))
        {
            ["CHAT_STREAM_REDIS_DB"] = "0",
            ["CHAT_STREAM_DLQ_NAME"] = "graves",
        };
        await using var server = await ServeAsync(settings, workers: true, attempts: 1);
        await using var number = await TestNumber.ConnectAsync(server, Ct);
        number.Gateway.Script.Next(Reply.Refused(Answer.Error(503, "Boom")));
        var message = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);
        await number.WaitAsync(message, "failed", Ct);
        while (await redis.AskAsync("XLEN chat:stream:graves", Ct) != "1")
            await Task.Yield();
        await redis.AskAsync("DEL chat:stream:graves", Ct);

        var said = await FlowChatProcess.RunAsync(settings, Ct, "dead-letters", "copy", "--json");

        Assert.Equal(["{\"stream\":\"chat:stream:graves\",\"count\":1}"], said);
        Assert.Equal("1", await redis.AskAsync("XLEN chat:stream:graves", Ct));
        Assert.Equal(
            ["1 dead letter"],
            (await FlowChatProcess.RunAsync(settings, Ct, "dead-letters", "copy")).Select(line =>
                line.Split(" has ")[1].TrimEnd('.')
            )
        );
    }

    private static Task<Scrape> ScrapeAsync(FlowChatServer server) =>
        Scrape.ReadAsync(server.Client.Http, "/metrics", Ct);

    private static string Text(JsonNode? row, string field) => row![field]!.GetValue<string>();

    private static string Said(ChildProcess process) =>
        string.Join('\n', process.Output.All.Select(line => line.TrimStart()));

    private async Task<IReadOnlyDictionary<string, string>> SettingsAsync(RedisServer redis) =>
        new Dictionary<string, string>
        {
            ["DATABASE_URL"] = await postgres.CreateDatabaseAsync(),
            ["CHAT_STREAM_REDIS_URL"] = redis.Url,
            ["FLOWCHAT_MASTER_KEY"] = FlowChatServer.MasterKey,
        };

    private static Task<FlowChatServer> ServeAsync(
        IReadOnlyDictionary<string, string> settings,
        bool workers = false,
        int attempts = 5
    ) =>
        FlowChatServer.StartAsync(
            settings["DATABASE_URL"],
            new Dictionary<string, string?>(
                settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))
            )
            {
                ["CHAT_STREAM_MAX_RETRIES"] = $"{attempts}",
            },
            workers: workers
        );
}
