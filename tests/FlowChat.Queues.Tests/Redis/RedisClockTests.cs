using FlowChat.Queues.Redis;
using FlowChat.Queues.Redis.Resp;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowChat.Queues.Tests.Redis;

/// <summary>Only the server's clock counts, and it may go back.</summary>
public sealed class RedisClockTests(RedisFixture redis) : IClassFixture<RedisFixture>
{
    private readonly RedisQueueStore store = redis.CreateStore();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(2)]
    [InlineData(-2)]
    public async Task A_process_with_a_wrong_clock_waits_leases_and_buries_by_the_servers(int hours)
    {
        await using var wrong = new RedisQueueBackend(
            RedisOptions.Parse(redis.Url),
            new RedisQueueOptions { Prefix = store.Prefix },
            new WrongClock(TimeSpan.FromHours(hours)),
            NullLoggerFactory.Instance
        );
        await WrongClock.AssertItDoesNotMatterAsync(store, wrong, movesWithTime: true);
    }

    [Fact]
    public async Task What_comes_after_the_servers_clock_went_back_is_given_out_once_and_settled()
    {
        await using var bed = await QueueBed.MakeAsync(store);
        var companions = $"{{{store.Prefix}work}}";
        foreach (
            var stream in (string[])
                [$"{store.Prefix}work", $"{companions}:front", $"{companions}:rescued"]
        )
            await store.Client.SendAsync(
                new RedisCommand("XSETID", stream, "3000000000000000-0"),
                Ct
            );
        Job[] jobs = [bed.NewJob(), .. Enumerable.Range(0, 20).Select(_ => bed.NewJob())];
        await bed.AddAsync(jobs[0]);
        await bed.AddAsync(jobs[1..]);

        var claimed = await bed.ClaimAsync();
        Assert.Equal(jobs.Select(job => job.Id), claimed.Select(job => job.Lease.JobId));
        Assert.True(await bed.SettleAsync(claimed[0], JobOutcome.HandBack));
        Assert.Equal(jobs[0].Id, (await bed.ClaimOneAsync()).Lease.JobId);
        await store.AdvanceAsync(2 * bed.Options.Lease);
        Assert.Equal(21, (await bed.RescueAsync()).Returned);
        Assert.False(await bed.SettleAsync(claimed[5], JobOutcome.Done));

        await store.AdvanceAsync(bed.Options.MaxRetryDelay);
        var again = await bed.ClaimAsync();
        Assert.Equal(
            jobs.Select(job => job.Id).Order(),
            again.Select(job => job.Lease.JobId).Order()
        );
        foreach (var job in again)
            Assert.True(await bed.SettleAsync(job, JobOutcome.Done));
        Assert.Equal(0, (await bed.MeasureAsync()).Waiting);
    }
}
