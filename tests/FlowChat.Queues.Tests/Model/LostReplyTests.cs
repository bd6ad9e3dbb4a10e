using FlowChat.Queues.Tests.Postgres;
using FlowChat.Queues.Tests.Redis;
using FlowChat.Testing.Servers;
using Npgsql;

namespace FlowChat.Queues.Tests.Model;

/// <summary>Random sequences in which the connection of every fourth change is reset in place of its reply.</summary>
public sealed class LostReplyTests(PostgresFixture postgres, RedisFixture redis)
    : IClassFixture<RedisFixture>
{
    private const int OnRedis = 50,
        OnPostgres = 20;

    [Theory]
    [InlineData(null)]
    [InlineData(2)]
    public Task On_Redis_a_call_that_is_repeated_after_a_lost_reply_changes_nothing(
        int? keyConcurrency
    ) =>
        Sequences.PlayAsync(
            OnRedis,
            o => o.KeyConcurrency = keyConcurrency,
            () =>
            {
                var network = FaultProxy.StartFor(new Uri(redis.Url));
                var store = redis.CreateStore($"redis://127.0.0.1:{network.Port}");
                return Task.FromResult<IQueueStore>(new LossyStore(store, network));
            }
        );

    [Theory]
    [InlineData(null)]
    [InlineData(2)]
    public Task On_PostgreSQL_a_call_that_is_repeated_after_a_lost_reply_changes_nothing(
        int? keyConcurrency
    ) =>
        Sequences.PlayAsync(
            OnPostgres,
            o => o.KeyConcurrency = keyConcurrency,
            async () =>
            {
                await using var direct = await postgres.CreateStoreAsync();
                var port = new NpgsqlConnectionStringBuilder(direct.ConnectionString).Port;
                var network = FaultProxy.StartFor(new Uri($"tcp://127.0.0.1:{port}"));
                var address = PostgresServer.OverTcp(direct.ConnectionString, network.Port);
                var store = new PostgresQueueStore(NpgsqlDataSource.Create(address), address);
                return new LossyStore(store, network, port => EndAsync(store, port));
            }
        );

    // It begins to answer before it commits, and goes on with what it was sent before it sees that its client is gone.
    private static async Task EndAsync(PostgresQueueStore store, int port)
    {
        await using var there = store.DataSource.CreateCommand(
            "select exists (select from pg_stat_activity where client_port = $1)"
        );
        there.Parameters.Add(new() { Value = port });
        while ((bool)(await there.ExecuteScalarAsync())!)
            await Task.Yield();
    }
}
