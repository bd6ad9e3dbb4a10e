using System.Text.Json.Nodes;
using FlowChat.Testing.Servers;

namespace FlowChat.Tests.Operations.Work;

/// <summary>The doctor beside brokers that are well, that carry nothing, and that are away.</summary>
public sealed class DoctorTests(SharedPostgres postgres)
{
    // How many entries the stream has had.
    private const string Added =
        "EVAL \"redis.call('SELECT', 3) local s = redis.call('XINFO', 'STREAM', 'chat:stream:doctor') "
        + "for i = 1, #s, 2 do if s[i] == 'entries-added' then return s[i + 1] end end\" 0";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task A_job_comes_round_by_each_broker()
    {
        Assert.SkipUnless(RabbitMqServer.IsInstalled, RabbitMqServer.HowToInstall);
        await using var redis = await RedisServer.StartedAsync(Ct);
        await using var rabbitMq = new RabbitMqServer();
        await rabbitMq.StartAsync(Ct);

        var (exit, report) = await ExamineAsync(redis.Url, rabbitMq.Url);

        Assert.True(exit == 0, report.ToJsonString());
        var checks = report["checks"]!.AsArray();
        Assert.Equal(
            ["rabbitmq", "redis", "job's round trip by redis", "job's round trip by rabbitmq"],
            checks.Select(Name).TakeLast(4)
        );
        Assert.All(checks, check => Assert.True(check!["milliseconds"]!.GetValue<double>() > 0));
        Assert.InRange(int.Parse(await redis.AskAsync(Added, Ct), null), 1, int.MaxValue);
        Assert.Contains(
            await rabbitMq.ControlAsync(Ct, "list_queues", "name"),
            line => line.EndsWith("doctor_media", StringComparison.Ordinal)
        );
    }

    [Fact(Timeout = 120_000)]
    public async Task A_redis_that_brings_no_job_is_named()
    {
        await using var redis = await RedisServer.StartedAsync(
            Ct,
            settings: ["--rename-command", "XREADGROUP", ""]
        );

        var (exit, report) = await ExamineAsync(redis.Url, rabbitMq: null);

        Assert.Equal(1, exit);
        Assert.Equal(["job's round trip by redis"], Failed(report));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_rabbitmq_that_is_away_is_named_without_its_password()
    {
        var (exit, report) = await ExamineAsync(redis: null, "amqp://flowchat:geheim@127.0.0.1:1/");

        Assert.Equal(1, exit);
        Assert.Equal(["rabbitmq", "job's round trip by rabbitmq"], Failed(report));
        Assert.DoesNotContain("geheim", report.ToJsonString(), StringComparison.Ordinal);
    }

    private static string Name(JsonNode? check) => check!["name"]!.GetValue<string>();

    private static IEnumerable<string> Failed(JsonNode report) =>
        report["checks"]!.AsArray().Where(check => !check!["ok"]!.GetValue<bool>()).Select(Name);

    private async Task<(int Exit, JsonNode Report)> ExamineAsync(string? redis, string? rabbitMq)
    {
        var settings = new Dictionary<string, string>
        {
            ["DATABASE_URL"] = await postgres.CreateDatabaseAsync(),
            ["CHAT_STREAM_REDIS_URL"] = redis ?? "",
            ["RABBITMQ_URL"] = rabbitMq ?? "",
            ["FLOWCHAT_MASTER_KEY"] = FlowChatServer.MasterKey,
        };
        await using (await FlowChatServer.StartAsync(settings["DATABASE_URL"])) { }
        await using var doctor = ChildProcess.Start(
            FlowChatProcess.Program,
            ["doctor", "--json"],
            settings
        );
        var exit = await doctor.WaitForExitAsync(Ct);
        return (exit, JsonNode.Parse(string.Join('\n', doctor.Output.All))!);
    }
}
