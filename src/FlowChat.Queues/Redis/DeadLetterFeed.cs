using System.Threading.Channels;
using FlowChat.Queues.Redis.Resp;
using Microsoft.Extensions.Logging;

namespace FlowChat.Queues.Redis;

/// <summary>
/// Writes to the copy what this process buried in Redis. No settle waits for it or fails by it: the copy may be on another
/// node. A clean stop writes what is left, unless that node is away.
/// </summary>
internal sealed partial class DeadLetterFeed : IAsyncDisposable
{
    private const int MaxBatch = 100;
    private const int MaxWaiting = 10_000;

    private readonly DeadLetterCopy copy;
    private readonly ILogger logger;
    private readonly Channel<RedisValue[]> buried;
    private readonly Task writing;
    private volatile bool isStopping;

    // By two threads: at worst it is told twice.
    private volatile bool isBehind;

    public DeadLetterFeed(DeadLetterCopy copy, ILogger logger)
    {
        this.copy = copy;
        this.logger = logger;
        // More than the copy holds would be trimmed again.
        buried = Channel.CreateBounded<RedisValue[]>(
            new BoundedChannelOptions(Math.Clamp(copy.Capacity, MaxBatch, MaxWaiting))
            {
                FullMode = BoundedChannelFullMode.DropOldest,
                SingleReader = true,
            },
            _ => Miss("too many die at once")
        );
        writing = WriteAsync();
    }

    public void Add(IEnumerable<JobSettlement> dead)
    {
        if (copy.IsKept)
            foreach (var settlement in dead)
                buried.Writer.TryWrite(DeadLetterCopy.Entry(settlement));
    }

    public void Add(IEnumerable<DeadJob> dead)
    {
        if (copy.IsKept)
            foreach (var job in dead)
                buried.Writer.TryWrite(DeadLetterCopy.Entry(job));
    }

    public async ValueTask DisposeAsync()
    {
        isStopping = true;
        buried.Writer.TryComplete();
        await writing;
    }

    private async Task WriteAsync()
    {
        while (await buried.Reader.WaitToReadAsync())
            try
            {
                await copy.AddAsync(Take(), CancellationToken.None);
                isBehind = false;
            }
            catch (Exception e) when (e is QueueUnavailableException or RedisException)
            {
                Miss(e.Message);
                // A stop waits for one answer of a server that is away, not for one a batch.
                if (isStopping)
                    return;
            }
    }

    private List<RedisValue[]> Take()
    {
        var batch = new List<RedisValue[]>();
        while (batch.Count < MaxBatch && buried.Reader.TryRead(out var entry))
            batch.Add(entry);
        return batch;
    }

    private void Miss(string reason)
    {
        if (!isBehind)
            Log.Behind(logger, copy.Stream, reason);
        isBehind = true;
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "The copy of the dead letters in {Stream} misses some until it is made anew: {Reason}"
        )]
        public static partial void Behind(ILogger logger, string stream, string reason);
    }
}
