using System.Diagnostics;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;
using FlowChat.Testing.Servers;

namespace FlowChat.Tests.Operations.Work;

/// <summary>A worker that is stopped in the middle of its job, with and without a Redis that carries the jobs.</summary>
public sealed class HandBackTests(SharedPostgres postgres)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory(Timeout = 120_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_stopped_worker_hands_back_another_takes_within_a_second(bool carried)
    {
        await using var redis = carried ? await RedisServer.StartedAsync(Ct) : null;
        var settings = await SettingsAsync(redis);
        await using var server = await FlowChatServer.StartAsync(
            settings["DATABASE_URL"],
            settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value),
            workers: false
        );
        await using var number = await TestNumber.ConnectAsync(server, Ct);
        await number.Fake.ReceiveAsync(Person.Ana, "Oi", "HANDED-BACK");
        number.Gateway.Script.Next(IsMark, Reply.Never);
        await using var stopped = await FlowChatProcess.StartWorkersAsync(settings, Ct);
        await ReadAsync(server);
        await number.Gateway.Requests.WaitAsync(IsMark, Ct);
        await using var other = await FlowChatProcess.StartWorkersAsync(settings, Ct);

        Assert.Equal(0, await stopped.StopAsync(Ct));
        var since = Stopwatch.GetTimestamp();
        await number.Gateway.Read.WaitAsync(id => id == "HANDED-BACK", Ct);

        Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Equal(2, number.Gateway.Requests.All.Count(IsMark));
    }

    private static bool IsMark(RecordedRequest request) =>
        request.Path.StartsWith("/chat/markMessageAsRead/", StringComparison.Ordinal);

    private async Task<IReadOnlyDictionary<string, string>> SettingsAsync(RedisServer? redis)
    {
        var settings = new Dictionary<string, string>
        {
            ["DATABASE_URL"] = await postgres.CreateDatabaseAsync(),
            ["FLOWCHAT_MASTER_KEY"] = FlowChatServer.MasterKey,
            ["FLOWCHAT_SHUTDOWN_SECONDS"] = "6",
        };
        if (redis is not null)
            settings["CHAT_STREAM_REDIS_URL"] = redis.Url;
        return settings;
    }

    private static async Task ReadAsync(FlowChatServer server)
    {
        var conversations = await server.Client.ConversationsAsync(Ct);
        using var answer = await server.Client.Http.PostAsync(
            $"/api/conversations/{conversations.Items.Single().Id}/read",
            null,
            Ct
        );
        answer.EnsureSuccessStatusCode();
    }
}
