namespace FlowChat.Queues.Ledger;

/// <summary>What a broker carries for the ledger: a job's name, and the mark that a row was written before it.</summary>
internal static class BrokerEntry
{
    private static readonly byte[] Mark = "\"ledger\""u8.ToArray();

    public static Job Of(string queue, Guid tenantId, Guid jobId) =>
        new()
        {
            Queue = queue,
            TenantId = tenantId,
            Id = jobId,
            Payload = Mark,
        };

    /// <summary>Whether the ledger published it: a row that it names and that is gone is done.</summary>
    public static bool IsMarked(ClaimedJob entry) => entry.Payload.Span.SequenceEqual(Mark);

    /// <summary>The queue as the broker has it: entries are held no longer than a claim takes, and have no life of their own.</summary>
    public static QueueOptions Options(QueueOptions queue) =>
        new()
        {
            Name = queue.Name,
            Concurrency = queue.Concurrency,
            Consumers = queue.Consumers,
            Partitions = queue.Partitions,
            PollInterval = queue.PollInterval,
            Lease = TimeSpan.FromSeconds(10),
            MaxAttempts = 1000,
            PrefetchTime = TimeSpan.Zero,
            CompletedHistory = 0,
        };
}
