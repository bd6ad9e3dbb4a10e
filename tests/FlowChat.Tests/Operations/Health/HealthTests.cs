using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Dapper;
using FlowChat.Storage;
using FlowChat.Testing.Servers;
using Npgsql;

namespace FlowChat.Tests.Operations.Health;

/// <summary>What probes are told, with each server there, away and silent.</summary>
public sealed class HealthTests(SharedPostgres postgres)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(2);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Alone_it_says_what_there_is_and_who_works()
    {
        await using var server = await FlowChatServer.StartAsync(
            await postgres.CreateDatabaseAsync(),
            workers: false
        );

        var (_, alive) = await AskAsync(server, "/health");
        var (status, ready) = await AskAsync(server, "/health/ready");

        Assert.Equal(
            ["status", "service", "database", "timestamp"],
            alive.Select(field => field.Key)
        );
        Assert.Equal(
            ("ok", "flowchat", "connected"),
            (Text(alive, "status"), Text(alive, "service"), Text(alive, "database"))
        );
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            ["status", "database", "redis", "rabbitmq", "workers", "timestamp"],
            ready.Select(field => field.Key)
        );
        Assert.Equal(
            ("ready", "connected", "not_configured", "not_configured", 0),
            (
                Text(ready, "status"),
                Text(ready, "database"),
                Text(ready, "redis"),
                Text(ready, "rabbitmq"),
                ready["workers"]!.GetValue<int>()
            )
        );
    }

    [Fact(Timeout = 240_000)]
    public async Task Whoever_is_a_black_hole_the_answer_comes_within_two_seconds()
    {
        await using var redis = await RedisServer.StartedAsync(Ct);
        await using var rabbitMq = new RabbitMqServer();
        await rabbitMq.StartAsync(Ct);
        var connectionString = await postgres.CreateDatabaseAsync();
        var port = new NpgsqlConnectionStringBuilder(connectionString).Port;
        await using var toPostgres = FaultProxy.Start(new IPEndPoint(IPAddress.Loopback, port));
        await using var toRedis = FaultProxy.Start(redis.Endpoint);
        await using var toRabbitMq = FaultProxy.Start(
            new IPEndPoint(IPAddress.Loopback, rabbitMq.Port)
        );
        await using var server = await FlowChatServer.StartAsync(
            PostgresServer.OverTcp(connectionString, toPostgres.Port),
            new Dictionary<string, string?>
            {
                ["CHAT_STREAM_REDIS_URL"] = $"redis://127.0.0.1:{toRedis.Port}",
                ["RABBITMQ_URL"] = RabbitMqServer.UrlAt(toRabbitMq.Port),
            },
            workers: false
        );
        await WaitAsync(server, "ready", "connected", "connected", "connected");

        await BlackHoleAsync(toRedis, "degraded", "connected", "disconnected", "connected");
        await BlackHoleAsync(toRabbitMq, "degraded", "connected", "connected", "disconnected");
        await BlackHoleAsync(toPostgres, "not_ready", "disconnected", "connected", "connected");

        async Task BlackHoleAsync(FaultProxy network, params string[] found)
        {
            network.Fault = NetworkFault.Stalled;
            var took = await WaitAsync(server, found);
            network.Fault = NetworkFault.None;
            Assert.All(took, one => Assert.InRange(one, TimeSpan.Zero, Bound));
            await WaitAsync(server, "ready", "connected", "connected", "connected");
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task A_broker_that_is_away_takes_no_node_out()
    {
        await using var redis = await RedisServer.StartedAsync(Ct);
        await using var server = await FlowChatServer.StartAsync(
            await postgres.CreateDatabaseAsync(),
            new Dictionary<string, string?> { ["CHAT_STREAM_REDIS_URL"] = redis.Url },
            workers: false
        );
        await WaitAsync(server, "ready", "connected", "connected", "not_configured");

        await redis.StopAsync();
        var since = Stopwatch.GetTimestamp();
        await WaitAsync(server, "degraded", "connected", "disconnected", "not_configured");
        Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.Zero, TimeSpan.FromSeconds(3));
        await redis.StartAsync(Ct);

        await WaitAsync(server, "ready", "connected", "connected", "not_configured");
    }

    [Fact(Timeout = 120_000)]
    public async Task A_schema_behind_the_program_is_not_ready()
    {
        await using var server = await FlowChatServer.StartAsync(
            await postgres.CreateDatabaseAsync(),
            workers: false
        );
        await using var connection = await server.Get<Database>().Migrator.OpenConnectionAsync(Ct);

        await connection.ExecuteAsync(
            "delete from schema_migrations where name = (select max(name) from schema_migrations)"
        );
        await WaitAsync(server, "not_ready", "not_migrated", "not_configured", "not_configured");
        var (alive, health) = await AskAsync(server, "/health");
        // As the database of before the first start.
        await connection.ExecuteAsync("drop table schema_migrations");
        await WaitAsync(server, "not_ready", "not_migrated", "not_configured", "not_configured");

        Assert.Equal(
            (HttpStatusCode.OK, "ok", "not_migrated"),
            (alive, Text(health, "status"), Text(health, "database"))
        );
    }

    /// <returns>How long each answer took, until the one that is waited for.</returns>
    private static async Task<IReadOnlyList<TimeSpan>> WaitAsync(
        FlowChatServer server,
        params string[] expected
    )
    {
        var took = new List<TimeSpan>();
        while (true)
        {
            var since = Stopwatch.GetTimestamp();
            var (status, ready) = await AskAsync(server, "/health/ready");
            took.Add(Stopwatch.GetElapsedTime(since));
            Assert.Equal(
                Text(ready, "status") is "ready" or "degraded",
                status == HttpStatusCode.OK
            );
            string[] found =
            [
                Text(ready, "status"),
                Text(ready, "database"),
                Text(ready, "redis"),
                Text(ready, "rabbitmq"),
            ];
            if (found.SequenceEqual(expected))
            {
                return took;
            }
        }
    }

    private static async Task<(HttpStatusCode Status, JsonObject Body)> AskAsync(
        FlowChatServer server,
        string path
    )
    {
        using var http = new HttpClient { BaseAddress = server.BaseUrl };
        using var answer = await http.GetAsync(path, Ct);
        var body = await answer.Content.ReadAsStringAsync(Ct);
        return (answer.StatusCode, JsonNode.Parse(body)!.AsObject());
    }

    private static string Text(JsonObject body, string field) => body[field]!.GetValue<string>();
}
