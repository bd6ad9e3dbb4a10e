using System.Collections.Concurrent;
using System.Text.Json;

namespace FlowChat.Queues.Tests;

/// <summary>Watches jobs with payload {producer, n}: one at a time in a lane, each producer's in its order.</summary>
internal sealed class LaneLog(int expected)
{
    private readonly ConcurrentDictionary<string, Guid> inside = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<(string Lane, int Producer, int N)> left = new();

    public bool IsComplete => left.Count >= expected;

    public void Enter(ClaimedJob job) =>
        Assert.True(inside.TryAdd(job.Lease.Lane!, job.Lease.JobId), "two jobs of one lane run");

    public void Leave(ClaimedJob job)
    {
        using var payload = JsonDocument.Parse(job.Payload);
        var root = payload.RootElement;
        left.Enqueue(
            (
                job.Lease.Lane!,
                root.GetProperty("producer").GetInt32(),
                root.GetProperty("n").GetInt32()
            )
        );
        Assert.True(inside.TryRemove(job.Lease.Lane!, out _));
    }

    public void AssertOrder()
    {
        Assert.Equal(expected, left.Distinct().Count());
        foreach (var run in left.GroupBy(job => (job.Lane, job.Producer)))
            Assert.Equal(run.Select(job => job.N).Order(), run.Select(job => job.N));
    }
}
