using System.Text.Json.Nodes;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Servers;

namespace FlowChat.Tests.Operations.Work;

/// <summary>Each setting of the streams, as Redis sees it.</summary>
public sealed class RedisSettingsTests(SharedPostgres postgres)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Every_setting_of_the_streams_is_followed()
    {
        await using var redis = await RedisServer.StartedAsync(Ct);
        var settings = new Dictionary<string, string>
        {
            ["DATABASE_URL"] = await postgres.CreateDatabaseAsync(),
            ["FLOWCHAT_MASTER_KEY"] = FlowChatServer.MasterKey,
            ["REDIS_URL"] = "redis://127.0.0.1:1",
            ["CHAT_STREAM_REDIS_URL"] = redis.Url,
            ["CHAT_STREAM_REDIS_DB"] = "5",
            ["CHAT_STREAM_REDIS_PREFIX"] = "loja:",
            ["CHAT_STREAM_SEND_NAME"] = "loja:out",
            ["CHAT_STREAM_MARK_READ_NAME"] = "seen",
            ["CHAT_STREAM_DLQ_NAME"] = "loja:graves",
            ["CHAT_STREAM_CONSUMER_GROUP"] = "loja_workers",
            ["CHAT_STREAM_MAXLEN"] = "4",
            ["CHAT_STREAM_MAX_RETRIES"] = "1",
            ["CHAT_STREAM_SEND_WORKERS"] = "2",
            ["CHAT_STREAM_MARK_WORKERS"] = "1",
        };
        await using var server = await FlowChatServer.StartAsync(
            settings["DATABASE_URL"],
            settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value),
            workers: false
        );
        await using var worker = await FlowChatProcess.StartWorkersAsync(settings, Ct);
        await using var number = await TestNumber.ConnectAsync(server, Ct);
        string Ask(string script) =>
            $"EVAL \"redis.call('SELECT', 5) {script.ReplaceLineEndings(" ")}\" 0";

        // One that the gateway refuses at once ends in the dead letters: CHAT_STREAM_MAX_RETRIES is 1.
        number.Gateway.Script.Next(Reply.Refused(Answer.Error(503, "Boom")));
        var refused = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);
        await number.WaitAsync(refused, "failed", Ct);
        await UntilAsync(redis, Ask("return redis.call('XLEN', 'loja:graves')"), "1");

        Assert.Equal("0", await redis.AskAsync("DBSIZE", Ct));
        Assert.Equal(
            "",
            await redis.AskAsync(
                Ask(
                    """
                    local odd = {} for _, key in ipairs(redis.call('KEYS', '*')) do
                    if not string.find(key, '^{?loja:') then odd[#odd + 1] = key end end
                    return table.concat(odd, ' ')
                    """
                ),
                Ct
            )
        );
        foreach (var stream in (string[])["loja:out", "loja:seen"])
            Assert.Equal(
                "loja_workers",
                await redis.AskAsync(
                    Ask($"return redis.call('XINFO', 'GROUPS', '{stream}')[1][2]"),
                    Ct
                )
            );
        Assert.StartsWith(
            $"worker-{Environment.MachineName}-{worker.Process.Id}-",
            await redis.AskAsync(
                Ask("return redis.call('XINFO', 'CONSUMERS', 'loja:out', 'loja_workers')[1][2]"),
                Ct
            ),
            StringComparison.Ordinal
        );
        var board = await server.Client.GetAsync<JsonObject>("/api/queue/metrics", Ct);
        Assert.Equal((2, 1), (Workers(board, "send_message"), Workers(board, "mark_as_read")));

        // While nobody works, Redis names four of six; the others are PostgreSQL's alone.
        await worker.KillAsync(Ct);
        var numbers = new List<TestNumber>();
        var last = new List<FlowChat.Testing.Api.Message>();
        for (var n = 0; n < 6; n++)
        {
            numbers.Add(await TestNumber.ConnectAsync(server, Ct));
            last.Add(await numbers[n].SendAsync(await numbers[n].StartAsync(Ct), "Olá", Ct));
        }
        await UntilAsync(redis, Ask("return redis.call('SCARD', '{loja:out}:ids')"), "4");
        board = await server.Client.GetAsync<JsonObject>("/api/queue/metrics", Ct);
        Assert.Contains(
            board["alerts"]!.AsArray(),
            alert => alert!["code"]!.GetValue<string>() == "over_maxlen"
        );
        Assert.Equal(
            "4",
            await redis.AskAsync(Ask("return redis.call('SCARD', '{loja:out}:ids')"), Ct)
        );

        await worker.StartAgainAsync(Ct);
        for (var n = 0; n < 6; n++)
        {
            await numbers[n].WaitAsync(last[n], "sent", Ct);
            await numbers[n].DisposeAsync();
        }
    }

    private static int Workers(JsonObject board, string queue) =>
        board["queues"]!.AsArray().Single(row => row!["name"]!.GetValue<string>() == queue)![
            "workers"
        ]!.GetValue<int>();

    private static async Task UntilAsync(RedisServer redis, string question, string answer)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await redis.AskAsync(question, Ct) != answer)
            await timer.WaitForNextTickAsync(Ct);
    }
}
