using FlowChat.Queues.Redis.Resp;
using FlowChat.Queues.Redis.Resp.Cluster;
using FlowChat.Testing.Servers;

namespace FlowChat.Queues.Tests.Redis;

/// <summary>The copy of the dead letters is on another node than the queue.</summary>
public sealed class RedisDeadLetterOutageTests : IAsyncLifetime
{
    private RedisClusterServers cluster = null!;
    private RedisQueueStore store = null!;
    private QueueBed bed = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Copy => $"{store.Prefix}dead_letter";

    public async ValueTask InitializeAsync()
    {
        cluster = await RedisClusterServers.StartAsync(Ct);
        foreach (var node in cluster.Nodes)
            await node.AskAsync("CONFIG SET cluster-require-full-coverage no", Ct);
        var prefix = Enumerable
            .Range(0, 1000)
            .Select(n => $"t{n}:")
            .First(some => NodeOf($"{some}work") != NodeOf($"{some}dead_letter"));
        store = new RedisQueueStore(cluster.Url, prefix);
        bed = await QueueBed.MakeAsync(store);
    }

    public async ValueTask DisposeAsync()
    {
        await NodeOf(Copy).Process.SignalAsync("CONT", CancellationToken.None);
        await bed.DisposeAsync();
        await cluster.DisposeAsync();
    }

    [Fact]
    public async Task No_settle_waits_for_it()
    {
        await bed.AddAsync();
        var job = await bed.ClaimOneAsync();
        // The connection to its node stands.
        await bed.AddAsync();
        await bed.SettleAsync(await bed.ClaimOneAsync(), JobOutcome.Dead("no"));
        await UntilAsync(1);

        await NodeOf(Copy).Process.SignalAsync("STOP", Ct);
        var settling = bed.SettleAsync(job, JobOutcome.Dead("no"));

        Assert.True(await settling.WaitAsync(TimeSpan.FromSeconds(3), Ct));
        Assert.Equal(2, (await bed.DeadAsync()).Count);
        await NodeOf(Copy).Process.SignalAsync("CONT", Ct);
        await UntilAsync(2);
    }

    [Fact]
    public async Task What_is_settled_before_a_clean_stop_is_in_it()
    {
        const int Count = 300;
        await bed.AddAsync([.. Enumerable.Range(0, Count).Select(_ => bed.NewJob())]);
        foreach (var job in await bed.ClaimAsync(Count))
            await bed.SettleAsync(job, JobOutcome.Dead("no"));

        await ((IAsyncDisposable)bed.Backend).DisposeAsync();

        Assert.Equal(Count, await LengthAsync());
    }

    private async Task UntilAsync(long length)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(QueueBed.Soon);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (await LengthAsync() < length)
            await timer.WaitForNextTickAsync(limit.Token);
    }

    private async Task<long> LengthAsync() =>
        (await store.Client.SendAsync(new RedisCommand("XLEN", Copy), Ct)).Integer;

    private RedisServer NodeOf(string stream) => cluster.NodeOf(ClusterSlot.Of(stream));
}
