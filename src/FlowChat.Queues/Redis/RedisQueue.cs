using System.Collections.Concurrent;
using System.Text;
using FlowChat.Queues.Redis.Resp;
using FlowChat.Queues.Redis.Resp.Cluster;
using Microsoft.Extensions.Logging;

namespace FlowChat.Queues.Redis;

/// <summary>One queue on a server, or one partition of it: its names, its scripts, and this process's readers of it.</summary>
internal sealed class RedisQueue : IAsyncDisposable
{
    // Of what is due or in the intake, in one script.
    private const int MostAtOnce = 500;

    private readonly RedisClient client;
    private readonly TimeProvider time;
    private readonly RedisValue[] keys;
    private readonly DueJobMover mover;
    private readonly CompletedJobs completed;

    // Of an intake that couldn't be divided.
    private readonly ConcurrentBag<RedisValue> marks = [];

    // How far the server's clock is ahead of this one's, as of the last look.
    private TimeSpan skew;

    public RedisQueue(
        QueueOptions options,
        RedisQueueOptions names,
        RedisClient client,
        TimeProvider time,
        ILogger logger,
        int partition
    )
    {
        this.client = client;
        this.time = time;
        Options = options;
        Group = names.Group;
        Partition = partition;
        LeastForIntake = names.LeastForIntake;
        Capacity = (int)Math.Ceiling((names.MaxLength ?? 0) / (double)options.Partitions);
        Stream =
            names.Prefix
            + (names.StreamNames.TryGetValue(options.Name, out var name) ? name : options.Name)
            // No queue's name has such a sign. The first is named like an undivided queue, to become or have been one.
            + (partition == 0 ? "" : $"/{partition}");
        var companions = TagOf(Stream);
        (Front, Rescued) = ($"{companions}:front", $"{companions}:rescued");
        Wake = $"{companions}:wake";
        keys = [Stream];
        mover = new DueJobMover(this, time, logger);
        completed = new CompletedJobs(time);
        Reader = new EntryReader(this, client, time);
    }

    public EntryReader Reader { get; }

    public QueueOptions Options { get; private set; }

    public string Group { get; }

    public int Partition { get; }

    public int Capacity { get; }

    /// <summary>From how many jobs of lanes in one call on.</summary>
    public int LeastForIntake { get; }

    public string Stream { get; }

    /// <summary>Jobs that were handed back: read before the stream.</summary>
    public string Front { get; }

    /// <summary>Jobs of dead workers, on their way back: read by rescuers alone.</summary>
    public string Rescued { get; }

    /// <summary>By worker: what it was given beyond its room and hasn't handed back yet.</summary>
    public ConcurrentDictionary<string, IReadOnlyList<JobSettlement>> Excess { get; } =
        new(StringComparer.Ordinal);

    /// <summary>The server's time, about.</summary>
    public DateTimeOffset Now => time.GetUtcNow() + skew;

    public string NameOf(EntryStream stream) =>
        stream switch
        {
            EntryStream.Front => Front,
            EntryStream.Rescued => Rescued,
            _ => Stream,
        };

    public EntryStream StreamOf(ReadOnlySpan<byte> name) =>
        Ascii.Equals(name, Front) ? EntryStream.Front
        : Ascii.Equals(name, Rescued) ? EntryStream.Rescued
        : EntryStream.Main;

    /// <summary>The stream that tells of a resume those who can't wait with the group.</summary>
    public string Wake { get; }

    private RedisValue LimitsOfKey =>
        Options.KeyRate is { } rate
            ? $"{Options.KeyConcurrency ?? 0} {rate} {RedisTime.ToMicros(Options.KeyRatePeriod)}"
            : Options.KeyConcurrency ?? 0;

    /// <summary>How the name of whatever shares the stream's slot begins; the scripts have the same rule.</summary>
    /// <exception cref="NotSupportedException">No other name can have the slot of this one.</exception>
    public static string TagOf(string stream) =>
        ClusterSlot.HasTag(stream) ? stream
        : !stream.Contains('}', StringComparison.Ordinal) ? $"{{{stream}}}"
        : throw new NotSupportedException(
            $"The stream's name {stream} has braces that are no hash tag of Redis: the first pair has to hold something."
        );

    public void Adopt(QueueOptions options) => Options = options;

    /// <summary>Makes the groups where they are missing: at first, and after the server lost its data.</summary>
    /// <returns>How many jobs were lost with a stream that others deleted.</returns>
    public async ValueTask<long> PrepareAsync(CancellationToken cancellationToken)
    {
        var reply = await EvaluateAsync(QueueScripts.Prepare, default, cancellationToken);
        Saw(reply[0].Integer);
        return reply[1].Integer;
    }

    /// <summary>Makes <see cref="Now"/> exact, if the server answers.</summary>
    public async ValueTask LookAtClockAsync()
    {
        try
        {
            await PromoteAsync(most: 0, CancellationToken.None);
        }
        catch (Exception e) when (e is QueueUnavailableException or RedisException)
        {
            // Who asks holds claims already, and would lose them: the last look has to do.
        }
    }

    public ValueTask<RedisReply> SendAsync(
        RedisCommand command,
        CancellationToken cancellationToken
    ) => client.SendAsync(command, cancellationToken);

    /// <exception cref="QueueFullException">The server's memory is full.</exception>
    public async ValueTask<RedisReply> EvaluateAsync(
        RedisScript script,
        ReadOnlyMemory<RedisValue> arguments,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await client.EvaluateAsync(
                script,
                keys,
                [Group, LimitsOfKey, .. arguments.Span],
                cancellationToken
            );
        }
        catch (RedisException e) when (e.Code == "OOM")
        {
            throw new QueueFullException("Redis has no memory left.", e);
        }
    }

    /// <summary>Makes available what is due, until nothing is.</summary>
    /// <returns>When there will be something to do again.</returns>
    public async ValueTask<TimeSpan?> PromoteAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var reply = await PromoteAsync(MostAtOnce, cancellationToken);
            if (reply[2].Integer == 0)
                return reply[1].Integer is var next and > 0
                    ? RedisTime.ToSpan(next - reply[0].Integer)
                    : null;
        }
    }

    /// <summary>
    /// Brings some jobs of the intake to their lanes, for the marks that a worker was given, and has the others brought
    /// beside its claims. Marks for which that fails are kept for the next call.
    /// </summary>
    public async ValueTask DivideAsync(IReadOnlyCollection<ReadOnlyMemory<byte>> given)
    {
        List<RedisValue> arguments = [MostAtOnce, .. given.Select(mark => (RedisValue)mark)];
        while (marks.TryTake(out var kept))
            arguments.Add(kept);
        if (arguments.Count == 1)
            return;
        try
        {
            await EvaluateAsync(QueueScripts.Promote, arguments.ToArray(), CancellationToken.None);
            Expect(TimeSpan.Zero);
        }
        catch
        {
            foreach (var mark in arguments.Skip(1))
                marks.Add(mark);
            throw;
        }
    }

    /// <summary>Lets go of due jobs from now on, while workers wait.</summary>
    public void StartMover() => mover.Start();

    /// <summary>Something will be due after this time, as far as this process knows.</summary>
    public void Expect(TimeSpan due) => mover.Expect(due);

    /// <summary>Completed jobs for the history.</summary>
    public ValueTask RememberAsync(IEnumerable<JobLease> leases) =>
        Options.CompletedHistory > 0 && completed.Add(leases, Options.CompletedHistory)
            ? FlushHistoryAsync()
            : ValueTask.CompletedTask;

    public async ValueTask FlushHistoryAsync()
    {
        var jobs = completed.Take();
        if (jobs.Length == 0)
            return;
        try
        {
            RedisValue[] arguments = [Options.CompletedHistory, .. jobs];
            await EvaluateAsync(QueueScripts.Remember, arguments, CancellationToken.None);
        }
        catch (QueueUnavailableException)
        {
            // The jobs are done all the same; people won't see these among the last.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await mover.DisposeAsync();
        await FlushHistoryAsync();
        await Reader.DisposeAsync();
    }

    private async ValueTask<RedisReply> PromoteAsync(int most, CancellationToken cancellationToken)
    {
        var reply = await EvaluateAsync(
            QueueScripts.Promote,
            new RedisValue[] { most },
            cancellationToken
        );
        Saw(reply[0].Integer);
        return reply;
    }

    private void Saw(long now) => skew = RedisTime.ToDate(now) - time.GetUtcNow();
}
