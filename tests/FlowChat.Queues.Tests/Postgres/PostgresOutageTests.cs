using System.Collections.Concurrent;
using FlowChat.Queues.Postgres;
using FlowChat.Testing.Servers;
using Npgsql;

namespace FlowChat.Queues.Tests.Postgres;

/// <summary>On a server of their own, which they stop.</summary>
public sealed class PostgresOutageTests : IAsyncLifetime
{
    private readonly PostgresServer server = new(durable: true);
    private PostgresQueueStore store = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await server.StartAsync(Ct);
        var connection = await server.CreateDatabaseAsync(ct: Ct);
        store = new PostgresQueueStore(NpgsqlDataSource.Create(connection), connection);
        await PostgresQueueSchema.CreateAsync(store.DataSource, Ct);
    }

    public async ValueTask DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task A_worker_resumes_by_itself_and_settles_what_it_ran_meanwhile()
    {
        await using var bed = await QueueBed.MakeAsync(
            store,
            o => o.PollInterval = TimeSpan.FromSeconds(1)
        );
        var runs = new ConcurrentQueue<Guid>();
        var (started, finish, second) = (NewSignal(), NewSignal(), NewSignal());
        await bed.StartWorkerAsync(
            async (_, context, ct) =>
            {
                runs.Enqueue(context.JobId);
                if (runs.Count > 1)
                    second.TrySetResult();
                started.TrySetResult();
                await finish.Task.WaitAsync(ct);
                return JobOutcome.Done;
            }
        );
        var first = await bed.AddAsync("a");
        await started.Task.WaitAsync(QueueBed.Soon, Ct);

        await server.StopImmediatelyAsync(Ct);
        finish.SetResult();
        await server.StartAsync(Ct);
        store.DataSource.Clear();
        var next = await bed.AddAsync("a");

        await second.Task.WaitAsync(QueueBed.Soon, Ct);
        Assert.Equal([first.Id, next.Id], runs);
    }

    [Fact]
    public async Task A_handler_is_cancelled_when_its_lease_can_not_be_renewed_in_time()
    {
        await using var bed = await QueueBed.MakeAsync(
            store,
            o => o.Lease = TimeSpan.FromSeconds(1)
        );
        var (started, cancelled) = (NewSignal(), NewSignal());
        await bed.StartWorkerAsync(
            async (_, _, ct) =>
            {
                started.TrySetResult();
                await using var registration = ct.Register(() => cancelled.TrySetResult());
                await cancelled.Task;
                ct.ThrowIfCancellationRequested();
                return JobOutcome.Done;
            }
        );
        await bed.AddAsync();
        await started.Task.WaitAsync(QueueBed.Soon, Ct);

        await server.StopImmediatelyAsync(Ct);
        await cancelled.Task.WaitAsync(QueueBed.Soon, Ct);

        await server.StartAsync(Ct);
        store.DataSource.Clear();
        Assert.Equal(1, (await bed.MeasureAsync()).Active);
    }

    private static TaskCompletionSource NewSignal() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
