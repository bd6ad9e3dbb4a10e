using System.Threading.Channels;
using FlowChat.Queues.Redis;
using FlowChat.Queues.Redis.Resp;
using FlowChat.Queues.Redis.Resp.Cluster;
using FlowChat.Testing.Servers;

namespace FlowChat.Queues.Tests.Redis;

/// <summary>Of a queue in three partitions, each on a node of its own, one is away.</summary>
public sealed class RedisPartitionOutageTests : IAsyncLifetime
{
    private const int EachTime = 5;

    private readonly Channel<Guid> runs = Channel.CreateUnbounded<Guid>();
    private readonly TaskCompletionSource release = new();
    private RedisClusterServers cluster = null!;
    private RedisQueueStore store = null!;
    private QueueBed bed = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        cluster = await RedisClusterServers.StartAsync(Ct);
        foreach (var node in cluster.Nodes)
            await node.AskAsync("CONFIG SET cluster-require-full-coverage no", Ct);
        var prefix = Enumerable
            .Range(0, 1000)
            .Select(n => $"t{n}:")
            .First(some => Streams(some).Select(NodeOf).Distinct().Count() == 3);
        store = new RedisQueueStore(cluster.Url, prefix);
        bed = await QueueBed.MakeAsync(
            store,
            o => (o.Partitions, o.Concurrency, o.PollInterval) = (3, 32, TimeSpan.FromSeconds(1))
        );
    }

    public async ValueTask DisposeAsync()
    {
        await NodeOf(Streams(store.Prefix)[2]).Process.SignalAsync("CONT", CancellationToken.None);
        await bed.DisposeAsync();
        await cluster.DisposeAsync();
    }

    [Fact]
    public async Task The_outcomes_of_the_others_are_settled_without_it()
    {
        var streams = Streams(store.Prefix);
        var frozen = NodeOf(streams[2]);
        await bed.StartWorkerAsync(
            async (_, context, _) =>
            {
                runs.Writer.TryWrite(context.JobId);
                await release.Task;
                return JobOutcome.Done;
            }
        );
        await AddAsync(0, 1, 2);
        var ran = new List<Guid>();
        while (ran.Count < 3 * EachTime)
            ran.Add(await runs.Reader.ReadAsync(Ct));

        await frozen.Process.SignalAsync("STOP", Ct);
        release.SetResult();

        await SettledAsync(streams[..2]);
        // Their next ones come after the outcomes that wait.
        for (var round = 0; round < 3; round++)
        {
            await AddAsync(0, 1);
            await SettledAsync(streams[..2]);
        }
        await frozen.Process.SignalAsync("CONT", Ct);
        await SettledAsync(streams);
        while (runs.Reader.TryRead(out var job))
            ran.Add(job);
        Assert.Equal((9 * EachTime, 9 * EachTime), (ran.Count, ran.Distinct().Count()));
    }

    private static string[] Streams(string prefix) =>
        [$"{prefix}work", $"{prefix}work/1", $"{prefix}work/2"];

    private RedisServer NodeOf(string stream) => cluster.NodeOf(ClusterSlot.Of(stream));

    private Task<int> AddAsync(params int[] partitions) =>
        bed.AddAsync([
            .. partitions.SelectMany(n =>
                Enumerable
                    .Range(0, 1000)
                    .Select(_ => bed.NewJob())
                    .Where(job => RedisPartitions.Number(job, 3) == n)
                    .Take(EachTime)
            ),
        ]);

    private async Task SettledAsync(string[] streams)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(QueueBed.Soon);
        foreach (var stream in streams)
            while (await LengthAsync(stream, limit.Token) > 0) { }
    }

    private async Task<long> LengthAsync(string stream, CancellationToken cancellationToken) =>
        (await store.Client.SendAsync(new RedisCommand("XLEN", stream), cancellationToken)).Integer;
}
