namespace FlowChat.Queues.Redis;

/// <summary>The order in which a batch goes to its stream: the longest due first, each lane in the order given.</summary>
internal static class DueOrder
{
    public static IReadOnlyList<Job> Of(IReadOnlyList<Job> jobs)
    {
        if (!jobs.Any(job => job.DueAt is not null))
            return jobs;
        // A lane is where its first job is, or its others would pass that one.
        var lanes = new Dictionary<(Guid, string), DateTimeOffset>();
        return
        [
            .. jobs.OrderBy(job =>
            {
                var due = job.DueAt ?? DateTimeOffset.MaxValue;
                if (job.Lane is not { } lane)
                    return due;
                return lanes.TryAdd((job.TenantId, lane), due) ? due : lanes[(job.TenantId, lane)];
            }),
        ];
    }
}
