using System.Collections.Concurrent;

namespace FlowChat.Queues;

/// <summary>What one worker holds.</summary>
internal sealed class RunningJobs
{
    private readonly ConcurrentDictionary<JobLease, RunningJob> jobs = new();

    public ICollection<RunningJob> All => jobs.Values;

    public RunningJob Hold(ClaimedJob claim, long claimedAt) =>
        jobs[claim.Lease] = new RunningJob(claim, claimedAt);

    public bool Holds(RunningJob job) => jobs.ContainsKey(job.Lease);

    public void LetGo(JobLease lease) => jobs.TryRemove(lease, out _);
}
