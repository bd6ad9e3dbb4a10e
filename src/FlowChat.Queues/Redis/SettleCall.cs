using System.Runtime.CompilerServices;
using FlowChat.Queues.Redis.Resp;

namespace FlowChat.Queues.Redis;

/// <summary>The outcomes of one queue as settle.lua takes them, and its answer.</summary>
internal sealed class SettleCall
{
    private readonly RedisQueue queue;
    private readonly List<RedisEntry> whole = [];
    private readonly List<JobLease> done = [];
    private readonly List<JobSettlement> others = [];
    private bool hasLanes;
    private bool hasKeys;

    public SettleCall(RedisQueue queue, IReadOnlyList<JobSettlement> settlements)
    {
        this.queue = queue;
        var shared = new Dictionary<RedisEntry, List<JobSettlement>>();
        foreach (var settlement in settlements)
        {
            var entry = RedisClaim.Of(settlement.Lease).Entry;
            if (entry.Size == 1)
                Add(entry, [settlement]);
            else if (shared.TryGetValue(entry, out var jobs))
                jobs.Add(settlement);
            else
                shared.Add(entry, new List<JobSettlement>(entry.Size) { settlement });
        }
        foreach (var (entry, jobs) in shared)
            Add(entry, jobs);
    }

    public RedisValue[] Arguments()
    {
        var arguments = new List<RedisValue>(5 + whole.Count + 3 * done.Count + 6 * others.Count)
        {
            queue.Options.FailedHistory,
            whole.Count,
            done.Count,
            hasLanes ? 1 : 0,
            hasKeys ? 1 : 0,
        };
        foreach (var entry in whole)
            arguments.Add(entry.Id);
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
            End(done[n], n);
        for (var n = 0; n < others.Count; n++)
            End(others[n].Lease, done.Count + n);
        return held;

        void End(JobLease lease, int n)
        {
            ClaimOf(lease).IsOver = true;
            if (all || reply[n].Integer == 1)
                held.Add(lease);
        }
    }

    private static RedisClaim ClaimOf(JobLease lease) => Unsafe.As<RedisClaim>(lease.Receipt!);

    private void Add(RedisEntry entry, List<JobSettlement> jobs)
    {
        var (bits, areDone) = (0, entry.Stream == EntryStream.Main);
        foreach (var (lease, outcome) in jobs)
        {
            bits |= 1 << ClaimOf(lease).Index;
            areDone &= outcome.Kind == JobOutcomeKind.Done;
        }
        if (!entry.Bring(bits) || !areDone || jobs.Count > entry.Size)
        {
            others.AddRange(jobs);
            return;
        }
        whole.Add(entry);
        foreach (var (lease, _) in jobs)
        {
            done.Add(lease);
            hasLanes |= ClaimOf(lease).Job.HasLane;
            hasKeys |= ClaimOf(lease).Job.HasKey;
        }
    }

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
                JobOutcomeKind.HandBack => "front",
                _ => "back",
            }
        );
        arguments.Add((int)claim.Entry.Stream);
        arguments.Add(claim.Entry.Id);
        arguments.Add(claim.Index);
        arguments.Add(RedisTime.ToMicros(outcome.Delay ?? TimeSpan.Zero));
        arguments.Add(
            outcome.Kind switch
            {
                JobOutcomeKind.Done => claim.Job.Head,
                JobOutcomeKind.Retry or JobOutcomeKind.Dead => Failed(claim.Job, settlement),
                _ => claim.Job.Stamped,
            }
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
