using System.Runtime.CompilerServices;
using FlowChat.Queues.Redis.Resp;

namespace FlowChat.Queues.Redis;

/// <summary>The outcomes of one queue as settle.lua takes them, and its answer.</summary>
internal sealed class SettleCall
{
    private readonly RedisQueue queue;
    private readonly List<JobLease> done = [];
    private readonly List<JobSettlement> others = [];
    private readonly bool hasLanes;
    private readonly bool hasKeys;

    public SettleCall(RedisQueue queue, IReadOnlyList<JobSettlement> settlements)
    {
        this.queue = queue;
        foreach (var settlement in settlements)
        {
            var claim = RedisClaim.Of(settlement.Lease);
            if (settlement.Outcome.Kind == JobOutcomeKind.Done && !claim.IsRescued)
            {
                done.Add(settlement.Lease);
                hasLanes |= claim.Job.HasLane;
                hasKeys |= claim.Job.HasKey;
            }
            else
            {
                others.Add(settlement);
            }
        }
    }

    public RedisValue[] Arguments()
    {
        var arguments = new List<RedisValue>(4 + 4 * done.Count + 5 * others.Count)
        {
            queue.Options.FailedHistory,
            done.Count,
            hasLanes ? 1 : 0,
            hasKeys ? 1 : 0,
        };
        foreach (var lease in done)
            arguments.Add(ClaimOf(lease).Entry);
        foreach (var lease in done)
            arguments.Add(ClaimOf(lease).Job.Member);
        if (hasLanes)
            foreach (var lease in done)
                arguments.Add(ClaimOf(lease).Job.ScopedLane);
        if (hasKeys)
            foreach (var lease in done)
                arguments.Add(ClaimOf(lease).Job.ScopedKey);
        foreach (var settlement in others)
            Add(arguments, settlement);
        return [.. arguments];
    }

    public HashSet<JobLease> Held(RedisReply reply)
    {
        var held = new HashSet<JobLease>(done.Count + others.Count);
        var all = reply.Kind == RedisKind.Integer;
        for (var n = 0; n < done.Count; n++)
            if (all || reply[n].Integer == 1)
                held.Add(done[n]);
        for (var n = 0; n < others.Count; n++)
            if (all || reply[done.Count + n].Integer == 1)
                held.Add(others[n].Lease);
        return held;
    }

    private static RedisClaim ClaimOf(JobLease lease) => Unsafe.As<RedisClaim>(lease.Receipt!);

    private void Add(List<RedisValue> arguments, JobSettlement settlement)
    {
        var claim = ClaimOf(settlement.Lease);
        var outcome = settlement.Outcome;
        arguments.Add(
            outcome.Kind switch
            {
                JobOutcomeKind.Done => "done",
                JobOutcomeKind.Dead => "dead",
                JobOutcomeKind.Park => "park",
                _ => "back",
            }
        );
        arguments.Add(claim.IsRescued ? 1 : 0);
        arguments.Add(claim.Entry);
        arguments.Add(RedisTime.ToMicros(outcome.Delay ?? TimeSpan.Zero));
        arguments.Add(
            outcome.Kind is JobOutcomeKind.Retry or JobOutcomeKind.Dead
                ? Failed(claim.Job, settlement)
                : claim.Job.Bytes
        );
    }

    private byte[] Failed(PackedJob job, JobSettlement settlement) =>
        job.WithAttempt(
            PackedErrors.Append(
                job.Texts().Errors,
                RedisTime.ToMicros(queue.Now),
                settlement.Lease.Attempt,
                settlement.Outcome.Reason ?? ""
            ),
            queue.Options.Name
        );
}
