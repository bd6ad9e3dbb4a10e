using FlowChat.Queues.Ledger;
using FlowChat.Queues.Tests.Postgres;

namespace FlowChat.Queues.Tests.Redis;

/// <summary>A ledger with more to tell than Redis may hold.</summary>
public sealed class RedisLedgerRoomTests(PostgresFixture postgres, RedisFixture redis)
    : IClassFixture<RedisFixture>
{
    private const int Room = 10;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(11)]
    [InlineData(25)]
    [InlineData(1300)]
    public async Task As_many_names_go_out_as_there_is_room_for_and_the_rest_when_there_is_more(
        int count
    )
    {
        await using var ledger = await RedisLedger.CreateAsync(
            postgres,
            redis.CreateStore(names => names.MaxLength = Room)
        );
        var (backend, broker) = ledger.OpenLedger();
        await using var bed = await QueueBed.MakeAsync(ledger, on: backend);
        var mine = backend.Of("work")!;
        await mine.Circuit.Closed.WaitAsync(QueueBed.Soon, Ct);

        Job[] jobs = [.. Enumerable.Range(0, count).Select(_ => bed.NewJob())];
        await bed.AddAsync(jobs);

        await UntilAsync(broker);
        var taken = new List<Guid>();
        while (await EntriesAsync(broker) is { Count: > 0 } entries)
        {
            Assert.InRange(entries.Count, 1, Room);
            foreach (var job in await mine.Claims.ClaimAsync("tester", entries))
            {
                Assert.True(await bed.SettleAsync(job, JobOutcome.Done));
                taken.Add(job.Lease.JobId);
            }
            await mine.Feed.ReconcileAsync(Ct);
        }
        Assert.Equal(count, taken.Count);
        Assert.Equal(jobs.Take(Room).Select(job => job.Id), taken.Take(Room));
    }

    private static async Task<IReadOnlyList<ClaimedJob>> EntriesAsync(IQueueBackend broker) =>
        await broker.ClaimAsync(
            BrokerEntry.Options(new QueueOptions { Name = "work" }),
            "tester",
            Room,
            new CancellationToken(canceled: true)
        );

    private static async Task UntilAsync(IQueueBackend broker)
    {
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        soon.CancelAfter(QueueBed.Soon);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while ((await broker.MeasureAsync("work", Ct)).Waiting < Room)
            await timer.WaitForNextTickAsync(soon.Token);
    }
}
