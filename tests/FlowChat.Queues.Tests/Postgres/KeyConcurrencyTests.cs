using System.Collections.Concurrent;
using FlowChat.Queues.Postgres;
using FlowChat.Queues.Tests.Ledger;

namespace FlowChat.Queues.Tests.Postgres;

/// <summary>A key that may run more at once than the others of its queue.</summary>
public sealed class KeyConcurrencyTests(PostgresFixture postgres) : IDisposable
{
    private readonly ConcurrentDictionary<string, int> running = new();
    private readonly ConcurrentBag<(string Key, int Running)> begun = [];
    private readonly SemaphoreSlim ends = new(0);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => ends.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_runs_as_many_as_its_own_limit_says_and_the_others_as_many_as_the_queues(
        bool overBroker
    )
    {
        var rows = await postgres.CreateStoreAsync();
        await using var bed = await QueueBed.MakeAsync(
            overBroker ? new LedgerStore(rows, () => new MemoryBroker(new())) : rows,
            o => o.KeyConcurrency = 1
        );
        await LimitAsync(rows, bed, "own", 3);
        for (var n = 0; n < 8; n++)
            await bed.AddAsync(key: "own");
        for (var n = 0; n < 3; n++)
            await bed.AddAsync(key: "usual");

        await bed.StartWorkerAsync(
            async (_, context, _) =>
            {
                var now = running.AddOrUpdate(context.LimitKey!, 1, (_, n) => n + 1);
                begun.Add((context.LimitKey!, now));
                await ends.WaitAsync(Ct);
                running.AddOrUpdate(context.LimitKey!, 0, (_, n) => n - 1);
                return JobOutcome.Done;
            }
        );
        await UntilAsync(() => running.Values.Sum() == 4);
        ends.Release(11);
        await UntilAsync(() => begun.Count == 11 && running.Values.Sum() == 0);

        Assert.Equal(3, begun.Where(job => job.Key == "own").Max(job => job.Running));
        Assert.Equal(1, begun.Where(job => job.Key == "usual").Max(job => job.Running));
    }

    [Fact]
    public async Task Without_one_it_has_the_queues_again()
    {
        var rows = await postgres.CreateStoreAsync();
        await using var bed = await QueueBed.MakeAsync(rows, o => o.KeyConcurrency = 2);
        await LimitAsync(rows, bed, "own", 1);
        for (var n = 0; n < 5; n++)
            await bed.AddAsync(key: "own");
        Assert.Single(await bed.ClaimAsync());

        await LimitAsync(rows, bed, "own", null);

        Assert.Single(await bed.ClaimAsync());
        Assert.Empty(await bed.ClaimAsync());
    }

    private static async Task LimitAsync(
        PostgresQueueStore rows,
        QueueBed bed,
        string key,
        int? concurrency
    )
    {
        var registry = new QueueRegistry();
        registry.Add(bed.Options);
        var ledger = new JobLedger(registry, rows.OpenPostgres().Signal, new Random(1));
        await using var batch = rows.DataSource.CreateBatch();
        ledger.SetKeyConcurrency(batch, new(Guid.Empty, "work", key), concurrency);
        await batch.ExecuteNonQueryAsync(Ct);
    }

    private static async Task UntilAsync(Func<bool> met)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!met())
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(start) < QueueBed.Soon,
                "It didn't come to that."
            );
            await Task.Yield();
        }
    }
}
