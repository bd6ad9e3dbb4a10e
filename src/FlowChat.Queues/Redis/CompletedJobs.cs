using FlowChat.Queues.Redis.Resp;

namespace FlowChat.Queues.Redis;

/// <summary>
/// The last jobs that this process has completed, on their way to the queue's history. They are written some times a
/// second, not with each settle: of a thousand jobs most would be pushed only to be trimmed. A process that is killed
/// leaves out its last.
/// </summary>
internal sealed class CompletedJobs(TimeProvider time)
{
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(100);

    private readonly Lock gate = new();
    private readonly Queue<PackedJob> last = new();
    private long written;

    /// <returns>Whether it is time to write.</returns>
    public bool Add(IEnumerable<JobLease> completed, int kept)
    {
        lock (gate)
        {
            foreach (var lease in completed)
            {
                if (last.Count == kept)
                    last.Dequeue();
                last.Enqueue(RedisClaim.Of(lease).Job);
            }
            return last.Count > 0 && (written == 0 || time.GetElapsedTime(written) >= Apart);
        }
    }

    public RedisValue[] Take()
    {
        lock (gate)
        {
            written = time.GetTimestamp();
            RedisValue[] taken = [.. last.Select(job => (RedisValue)job.Stamped)];
            last.Clear();
            return taken;
        }
    }
}
