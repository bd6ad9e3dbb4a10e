namespace FlowChat.Queues.Redis;

/// <summary>One job of an entry that a worker was given: what its settle needs again.</summary>
internal sealed class RedisClaim(RedisEntry entry, int index, PackedJob job)
{
    public RedisEntry Entry { get; } = entry;

    /// <summary>Which of the entry's jobs.</summary>
    public int Index { get; } = index;

    public PackedJob Job { get; } = job;

    /// <summary>The server took or refused its outcome: it ended, though its entry may go on.</summary>
    public bool IsOver { get; set; }

    /// <exception cref="ArgumentException">The lease wasn't given out by a Redis backend.</exception>
    public static RedisClaim Of(JobLease lease) =>
        lease.Receipt as RedisClaim
        ?? throw new ArgumentException("The lease is not of this backend.", nameof(lease));

    /// <param name="queue">The queue's name.</param>
    /// <param name="now">The server's time.</param>
    public ClaimedJob ToJob(string queue, DateTimeOffset now)
    {
        var texts = Job.Texts();
        var enqueued = Job.EnqueuedAt;
        // A failed job's entry was added when it was due again.
        var due = Job.Attempts > 0 ? Entry.AddedAt : RedisTime.ToDate(Job.DueMicros) ?? enqueued;
        return new ClaimedJob
        {
            Lease = new JobLease(
                Job.TenantId,
                Job.Id,
                queue,
                texts.Lane,
                Entry.TokenOf(Index),
                Job.Attempts + 1
            )
            {
                Receipt = this,
                Partition = Entry.Partition,
            },
            Payload = texts.Payload,
            LimitKey = texts.LimitKey,
            Expired = RedisTime.ToDate(Job.ExpiresMicros) <= now,
            EnqueuedAt = enqueued,
            Waited = now > due ? now - due : TimeSpan.Zero,
            TraceParent = texts.TraceParent,
        };
    }
}
