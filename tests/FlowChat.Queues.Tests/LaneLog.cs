using System.Collections.Concurrent;
using System.Text.Json;

namespace FlowChat.Queues.Tests;

/// <summary>Watches jobs with payload {producer, n}: one at a time in a lane, each producer's in its order.</summary>
internal sealed class LaneLog(int expected)
{
    private readonly AtOnce inside = new(limit: 1);
    private readonly ConcurrentQueue<(string Lane, int Producer, int N)> left = new();

    public bool IsComplete => left.Count >= expected;

    /// <summary>As soon as they are claimed.</summary>
    public void Enter(IEnumerable<ClaimedJob> claimed)
    {
        foreach (var job in claimed)
            inside.Enter(job.Lease.Lane!);
    }

    /// <summary>Just before it is settled.</summary>
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
        inside.Leave(job.Lease.Lane!);
    }

    public void AssertKept()
    {
        Assert.Equal(0, inside.Exceeded);
        Assert.Equal(expected, left.Distinct().Count());
        foreach (var run in left.GroupBy(job => (job.Lane, job.Producer)))
            Assert.Equal(run.Select(job => job.N).Order(), run.Select(job => job.N));
    }
}
