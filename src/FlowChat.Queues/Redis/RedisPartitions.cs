using System.Text;
using System.Threading.Channels;
using FlowChat.Queues.Redis.Resp;

namespace FlowChat.Queues.Redis;

/// <summary>
/// One queue: a stream with its companions, or several, in slots of their own. Workers take turns at the partitions, one
/// at a time at each: a turn that brings jobs goes on to the next worker, a vain one waits for news of its partition.
/// </summary>
internal sealed class RedisPartitions(
    Func<int, RedisQueue> make,
    RedisClient client,
    TimeProvider time
) : IAsyncDisposable
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMilliseconds(500);

    private readonly Lock gate = new();
    private readonly Channel<PartitionWatch> turns = Channel.CreateUnbounded<PartitionWatch>();
    private readonly List<PartitionWatch> watches = [];
    private volatile RedisQueue[] all = [];

    /// <summary>Those that jobs are added to come first, then those that still had some when there were more.</summary>
    public IReadOnlyList<RedisQueue> All => all;

    public IEnumerable<string> Streams => all.Select(queue => queue.Stream);

    public RedisQueue First => all[0];

    public QueueOptions Options => First.Options;

    /// <summary>Where the job belongs: by its lane, else by its id.</summary>
    public RedisQueue Of(Job job) =>
        Options.Partitions == 1 ? First : all[Number(job, Options.Partitions)];

    public void Adopt(QueueOptions options)
    {
        if (all.Length < options.Partitions)
            Grow(options.Partitions);
        foreach (var queue in all)
            queue.Adopt(options);
    }

    public RedisQueue Make(int number) => make(number);

    /// <summary>Has at least so many from now on.</summary>
    public void Grow(int count)
    {
        lock (gate)
            while (all.Length < count)
            {
                var queue = make(all.Length);
                var watch = new PartitionWatch(queue, client, time);
                all = [.. all, queue];
                watches.Add(watch);
                Pass(watch);
            }
    }

    /// <returns>Null when none had news within the poll interval, or the wait was cancelled.</returns>
    public async ValueTask<PartitionWatch?> NextAsync(CancellationToken cancellationToken)
    {
        if (turns.Reader.TryRead(out var turn))
            return turn;
        using var limit = new CancellationTokenSource(Options.PollInterval, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            limit.Token,
            cancellationToken
        );
        try
        {
            return await turns.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            return null;
        }
    }

    public void Pass(PartitionWatch turn) => turns.Writer.TryWrite(turn);

    /// <summary>As <see cref="Pass"/>, once there may be something.</summary>
    public void PassOnNews(PartitionWatch turn) => turn.Begin(Pass);

    /// <summary>As <see cref="Pass"/>, after a failure: the others' turns come first.</summary>
    public void PassLater(PartitionWatch turn) => turn.Rest(AfterFailure, Pass);

    public async ValueTask DisposeAsync()
    {
        foreach (var watch in watches)
            await watch.DisposeAsync();
        foreach (var queue in all)
            await queue.DisposeAsync();
    }

    /// <summary>The same in every process, whatever its version: FNV-1a over the tenant and the lane or id.</summary>
    internal static int Number(Job job, int partitions)
    {
        Span<byte> tenant = stackalloc byte[16];
        job.TenantId.TryWriteBytes(tenant, bigEndian: true, out _);
        var hash = Hash(2166136261, tenant);
        if (job.Lane is { } lane)
        {
            hash = Hash(hash, Encoding.UTF8.GetBytes(lane));
        }
        else
        {
            Span<byte> id = stackalloc byte[16];
            job.Id.TryWriteBytes(id, bigEndian: true, out _);
            hash = Hash(hash, id);
        }
        return (int)((hash ^ (hash >> 16)) % (uint)partitions);
    }

    private static uint Hash(uint hash, ReadOnlySpan<byte> bytes)
    {
        foreach (var one in bytes)
            hash = unchecked((hash ^ one) * 16777619);
        return hash;
    }
}
