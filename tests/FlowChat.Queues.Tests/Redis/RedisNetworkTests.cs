using FlowChat.Queues.Tests.Ledger;
using FlowChat.Testing.Servers;

namespace FlowChat.Queues.Tests.Redis;

/// <summary>Workers on Redis alone, two of three behind a network that is cut, loses replies or freezes.</summary>
public sealed class RedisNetworkTests(DurableRedisFixture redis)
    : IClassFixture<DurableRedisFixture>,
        IAsyncLifetime
{
    private FaultProxy network = null!;
    private RedisQueueStore behind = null!;
    private FaultRun run = null!;

    public async ValueTask InitializeAsync()
    {
        network = FaultProxy.StartFor(new Uri(redis.Url));
        var store = redis.CreateStore();
        behind = new RedisQueueStore($"redis://127.0.0.1:{network.Port}", store.Prefix);
        run = await FaultRun.StartAsync(store, behind);
    }

    public async ValueTask DisposeAsync()
    {
        await run.DisposeAsync();
        await behind.DisposeAsync();
        await network.DisposeAsync();
    }

    [Fact]
    public async Task A_cut_loses_nothing_runs_nothing_again_and_keeps_the_order()
    {
        for (var cut = 0; cut < 5; cut++)
        {
            await run.MoreAsync(200);
            network.Cut();
        }
        await run.MoreAsync(200);

        await run.AssertCleanAsync();
    }

    [Fact]
    public async Task Lost_replies_lose_nothing_keep_the_order_and_run_again_what_was_not_settled_in_time()
    {
        await run.MoreAsync(300);
        network.Fault = NetworkFault.RepliesLost;
        await run.MoreAsync(300);
        network.Fault = NetworkFault.None;
        network.Cut();
        await run.MoreAsync(300);

        // What is given out and never heard of holds its lane for a lease, and so may be one of each that waits to be settled.
        await run.AssertCleanAsync(again: FaultRun.Lanes);
    }

    [Fact]
    public async Task A_freeze_beyond_the_lease_loses_nothing_keeps_the_order_and_runs_again_what_was_not_settled_in_time()
    {
        await run.MoreAsync(300);
        network.Fault = NetworkFault.Stalled;
        await run.ThroughAsync(FaultRun.Lease * 1.5);
        network.Fault = NetworkFault.None;
        await run.MoreAsync(300);

        // One of each lane at most was out.
        await run.AssertCleanAsync(again: FaultRun.Lanes);
    }
}
