using FlowChat.Queues.Redis;
using FlowChat.Queues.Redis.Resp;
using FlowChat.Queues.Tests.Postgres;

namespace FlowChat.Queues.Tests.Redis;

/// <summary>More jobs wait than the reconciler looks at.</summary>
public sealed class RedisLedgerBacklogTests(PostgresFixture postgres, RedisFixture redis)
    : IClassFixture<RedisFixture>
{
    private const int Page = 50;
    private const int Count = 300;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_deleted_partition_had_is_published_again_though_the_others_have_more_than_a_page()
    {
        var store = redis.CreateDividedStore();
        await using var ledger = await RedisLedger.CreateAsync(postgres, store);
        var (backend, broker) = ledger.OpenLedger();
        await using var bed = await QueueBed.MakeAsync(ledger, o => o.Partitions = 3, on: backend);
        var mine = backend.Of("work")!;
        mine.Feed.MaxReconciled = Page;
        await mine.Circuit.Closed.WaitAsync(QueueBed.Soon, Ct);
        Job[] jobs = [.. Enumerable.Range(0, Count).Select(_ => bed.NewJob())];
        await bed.AddAsync(jobs);
        await UntilAsync(broker, Count);

        await store.Client.SendAsync(new RedisCommand("DEL", $"{store.Prefix}work/1"), Ct);
        await mine.Feed.ReconcileAsync(Ct);

        var left = jobs.Count(job => RedisPartitions.Number(job, 3) != 1);
        Assert.InRange((await broker.MeasureAsync("work", Ct)).Waiting, left + 1, Count);
    }

    private static async Task UntilAsync(IQueueBackend broker, int waiting)
    {
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        soon.CancelAfter(QueueBed.Soon);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while ((await broker.MeasureAsync("work", Ct)).Waiting < waiting)
            await timer.WaitForNextTickAsync(soon.Token);
    }
}
