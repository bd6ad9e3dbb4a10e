using System.Collections.Concurrent;
using FlowChat.Queues.Postgres;
using FlowChat.Testing.Servers;
using Npgsql;

namespace FlowChat.Queues.Tests.Postgres;

/// <summary>On a server of their own, which they stop.</summary>
public sealed class PostgresOutageTests
{
    [Fact]
    public async Task A_worker_resumes_by_itself_when_its_database_returns_and_settles_what_it_ran_meanwhile()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var server = new PostgresServer(durable: true);
        await server.StartAsync(ct);
        var connection = await server.CreateDatabaseAsync(ct: ct);
        var store = new PostgresQueueStore(NpgsqlDataSource.Create(connection), connection);
        await PostgresQueueSchema.CreateAsync(store.DataSource, ct);
        await using var bed = await QueueBed.MakeAsync(
            store,
            o => o.PollInterval = TimeSpan.FromSeconds(1)
        );
        var runs = new ConcurrentQueue<Guid>();
        var (started, finish, second) = (
            new TaskCompletionSource(),
            new TaskCompletionSource(),
            new TaskCompletionSource()
        );
        await bed.StartWorkerAsync(
            async (_, context, token) =>
            {
                runs.Enqueue(context.JobId);
                if (runs.Count > 1)
                    second.TrySetResult();
                started.TrySetResult();
                await finish.Task.WaitAsync(token);
                return JobOutcome.Done;
            }
        );
        var first = await bed.AddAsync("a");
        await started.Task.WaitAsync(QueueBed.Soon, ct);

        await server.StopImmediatelyAsync(ct);
        finish.SetResult();
        await server.StartAsync(ct);
        NpgsqlConnection.ClearAllPools();
        var next = await bed.AddAsync("a");

        await second.Task.WaitAsync(QueueBed.Soon, ct);
        Assert.Equal([first.Id, next.Id], runs);
    }
}
