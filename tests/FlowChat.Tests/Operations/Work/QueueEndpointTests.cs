using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FlowChat.Queues;
using Microsoft.Extensions.DependencyInjection;

namespace FlowChat.Tests.Operations.Work;

/// <summary>The figures of the queues over HTTP, and the switch that stops one.</summary>
public sealed class QueueEndpointTests(QueueEndpointTests.Operated flowChat)
    : IClassFixture<QueueEndpointTests.Operated>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private HttpClient Http => flowChat.Server.Client.Http;

    [Fact]
    public async Task The_metrics_tell_workers_rate_and_durations_of_every_queue()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        await number.WaitAsync(
            await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct),
            "sent",
            Ct
        );

        var send = await WaitAsync(
            "send_message",
            queue => queue["completed"]!.GetValue<long>() > 0
        );

        Assert.Equal("postgres", send["backend"]!.GetValue<string>());
        Assert.Equal(3, send["workers"]!.GetValue<int>());
        Assert.True(send["processed_per_second"]!.GetValue<double>() > 0);
        foreach (var durations in new[] { "wait_seconds", "run_seconds" })
        foreach (var share in new[] { "p50", "p95", "p99" })
            Assert.True(send[durations]![share]!.GetValue<double>() > 0);
        Assert.Equal(2, (await WaitAsync("mark_as_read", _ => true))["workers"]!.GetValue<int>());
    }

    [Fact]
    public async Task The_status_document_has_the_names_that_dashboards_know()
    {
        await WaitAsync("send_message", queue => queue["workers"]!.GetValue<int>() == 3);

        var status = (
            await Http.GetFromJsonAsync<JsonObject>("/api/chat/reactions/queues/status/", Ct)
        )!;

        var streams = status["metrics"]!["stream_metrics"]!.AsObject();
        Assert.Equal(
            [
                "change_message",
                "dead_letter",
                "fetch_group_info",
                "fetch_profile_pic",
                "mark_as_read",
                "process_incoming_media",
                "send_message",
            ],
            streams.Select(stream => stream.Key).Order()
        );
        Assert.Equal(3, streams["send_message"]!["consumers"]!.GetValue<int>());
        Assert.Equal(
            ["consumers", "length", "pending"],
            streams["send_message"]!.AsObject().Select(field => field.Key).Order()
        );
        Assert.Equal(["length"], streams["dead_letter"]!.AsObject().Select(field => field.Key));
        Assert.Contains(
            "redis: maxmemory-policy is allkeys-lru: set noeviction.",
            status["alerts"]!.AsArray().Select(alert => alert!.GetValue<string>())
        );
        Assert.True(status["timestamp"]!.GetValue<DateTimeOffset>() > DateTimeOffset.UnixEpoch);
    }

    [Fact]
    public async Task A_paused_queue_keeps_its_jobs_until_it_is_resumed()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var conversation = await number.StartAsync(Ct);

        Assert.Equal(HttpStatusCode.NoContent, await PostAsync("/api/queues/send_message/pause"));
        var message = await number.SendAsync(conversation, "Olá", Ct);
        var paused = await WaitAsync("send_message", queue => queue["paused"]!.GetValue<bool>());
        Assert.True(paused["waiting"]!.GetValue<long>() > 0);
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync("/api/queues/send_message/resume"));

        await number.WaitAsync(message, "sent", Ct);
        Assert.Equal(["queued", "sending", "sent"], await number.StatesAsync(message, Ct));
        Assert.Equal(HttpStatusCode.NotFound, await PostAsync("/api/queues/nonsense/pause"));
    }

    [Theory]
    [InlineData("admin", "GET", "/api/queue/metrics")]
    [InlineData("admin", "GET", "/metrics")]
    [InlineData("admin", "GET", "/api/chat/reactions/queues/status/")]
    [InlineData("admin", "POST", "/api/queues/send_message/pause")]
    [InlineData("admin", "POST", "/api/queues/send_message/resume")]
    [InlineData("agent", "GET", "/api/queues/send_message/dead-letters")]
    [InlineData("agent", "POST", "/api/queues/send_message/dead-letters/requeue")]
    [InlineData("agent", "POST", "/api/queues/send_message/dead-letters/discard")]
    public async Task Who_may_not_is_refused(string role, string method, string path)
    {
        using var request = new HttpRequestMessage(new(method), path);
        request.Headers.Authorization = new("Bearer", await flowChat.KeyAsync(role, Ct));

        using var answer = await Http.SendAsync(request, Ct);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    private async Task<HttpStatusCode> PostAsync(string path)
    {
        using var answer = await Http.PostAsync(path, null, Ct);
        return answer.StatusCode;
    }

    /// <summary>The processes report every few seconds.</summary>
    private async Task<JsonObject> WaitAsync(string queue, Func<JsonObject, bool> matches)
    {
        while (true)
        {
            var board = await Http.GetFromJsonAsync<JsonObject>("/api/queue/metrics", Ct);
            var found = board!["queues"]!
                .AsArray()
                .Select(row => row!.AsObject())
                .Single(row => row["name"]!.GetValue<string>() == queue);
            if (matches(found))
                return found;
        }
    }

    /// <summary>With a broker that isn't as it should be.</summary>
    public sealed class Operated(SharedPostgres postgres)
        : SendingFlowChat(
            postgres,
            services: services => services.AddSingleton<IBrokerCheck, EvictingRedis>()
        )
    {
        public async Task<string> KeyAsync(string role, CancellationToken cancellationToken)
        {
            var key = await Server.Client.PostAsync<JsonObject>(
                "/api/api-keys",
                new { Name = "Tests", Role = role },
                cancellationToken
            );
            return key["key"]!.GetValue<string>();
        }
    }

    private sealed class EvictingRedis : IBrokerCheck
    {
        public string Broker => "redis";

        public ValueTask<IReadOnlyList<string>> FindFaultsAsync(
            CancellationToken cancellationToken
        ) => new(["maxmemory-policy is allkeys-lru: set noeviction."]);
    }
}
