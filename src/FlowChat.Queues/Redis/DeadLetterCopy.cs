using FlowChat.Queues.Redis.Resp;

namespace FlowChat.Queues.Redis;

/// <summary>
/// One capped stream, in a slot of its own, with the last dead letters of all queues for whoever watches Redis. The
/// queues' own dead letters are the truth: what is missing here is missing in the copy alone, until it is made anew.
/// </summary>
internal sealed class DeadLetterCopy(RedisClient client, RedisQueueOptions names)
{
    private const int Page = 500;

    // A draft that nobody finished goes by itself.
    private static readonly TimeSpan DraftLife = TimeSpan.FromMinutes(10);

    private readonly string tag = RedisQueue.TagOf(names.Prefix + names.DeadLetterName);

    public bool IsKept => names.DeadLetterName.Length > 0;

    public int Capacity => names.DeadLetterMaxLength;

    public string Stream { get; } = names.Prefix + names.DeadLetterName;

    public static RedisValue[] Entry(JobSettlement dead) =>
        Entry(
            dead.Lease.Queue,
            dead.Lease.JobId,
            dead.Lease.Attempt,
            dead.Outcome.Reason,
            RedisClaim.Of(dead.Lease).Job.Texts().Payload
        );

    public static RedisValue[] Entry(DeadJob dead) =>
        Entry(dead.Job.Queue, dead.Job.Id, dead.Attempt, dead.Error, dead.Job.Payload);

    public ValueTask AddAsync(IEnumerable<DeadJob> dead, CancellationToken cancellationToken) =>
        AddAsync([.. dead.Select(Entry)], cancellationToken);

    /// <exception cref="QueueUnavailableException">Some may be missing. The queues' own dead letters are not touched by it.</exception>
    public async ValueTask AddAsync(
        IReadOnlyList<RedisValue[]> entries,
        CancellationToken cancellationToken
    ) =>
        await Task.WhenAll(
            entries.Select(entry =>
                SendAsync(
                    "XADD",
                    [Stream, "MAXLEN", "~", Capacity, "*", .. entry],
                    cancellationToken
                )
            )
        );

    /// <summary>Puts these in the place of whatever the copy has. Each gets its death's time as its id.</summary>
    public async Task ReplaceAsync(
        IReadOnlyList<DeadJob> oldestFirst,
        CancellationToken cancellationToken
    )
    {
        if (oldestFirst.Count == 0)
        {
            await client.SendAsync(new RedisCommand("DEL", Stream), cancellationToken);
            return;
        }
        var draft = $"{tag}:draft-{Guid.CreateVersion7():n}";
        var id = new EntryId(0, 0);
        foreach (var page in oldestFirst.Chunk(Page))
        {
            var added = new List<Task<RedisReply>>(page.Length + 1);
            foreach (var dead in page)
            {
                id = id.Next(dead.DeadAt.ToUnixTimeMilliseconds());
                added.Add(SendAsync("XADD", [draft, $"{id}", .. Entry(dead)], cancellationToken));
            }
            added.Add(
                SendAsync("PEXPIRE", [draft, (long)DraftLife.TotalMilliseconds], cancellationToken)
            );
            await Task.WhenAll(added);
        }
        await SendAsync("PERSIST", [draft], cancellationToken);
        await SendAsync("RENAME", [draft, Stream], cancellationToken);
    }

    private Task<RedisReply> SendAsync(
        string command,
        RedisValue[] words,
        CancellationToken cancellationToken
    ) => client.SendAsync(new RedisCommand(command, words), cancellationToken).AsTask();

    private static RedisValue[] Entry(
        string queue,
        Guid id,
        int attempt,
        string? error,
        ReadOnlyMemory<byte> payload
    ) =>
        [
            "queue",
            queue,
            "id",
            id.ToString(),
            "attempt",
            attempt,
            "error",
            error ?? "",
            "payload",
            payload,
        ];

    /// <summary>Redis refuses an id that isn't greater than the last.</summary>
    private readonly record struct EntryId(long Milliseconds, int Sequence)
    {
        public EntryId Next(long milliseconds) =>
            milliseconds > Milliseconds
                ? new(milliseconds, 0)
                : this with
                {
                    Sequence = Sequence + 1,
                };

        public override string ToString() => $"{Milliseconds}-{Sequence}";
    }
}
