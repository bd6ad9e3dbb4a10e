namespace FlowChat.Queues.Tests.Model;

internal enum ModelState
{
    Waiting,
    Leased,
    Dead,
    Gone,
}

/// <summary>What is known of a job. Times count the minutes that the store was advanced.</summary>
internal sealed class ModelJob(Job job, int number, int now, int due, int? expires)
{
    public Guid Id => job.Id;
    public string? Lane => job.Lane;
    public string? Key => job.LimitKey;
    public Job Job => job;
    public int Number { get; set; } = number;
    public int EnqueuedAt { get; set; } = now;
    public int Due { get; set; } = Math.Min(due, expires ?? int.MaxValue);
    public int? Expires { get; set; } = expires;
    public int Attempt { get; set; }
    public ModelState State { get; set; } = ModelState.Waiting;
    public JobLease? Lease { get; set; }
    public int LeaseUntil { get; set; }

    public bool IsOpen => State is ModelState.Waiting or ModelState.Leased;

    public bool HasExpired(int now) => Expires <= now;

    public void Wait(int from, int? delay)
    {
        State = ModelState.Waiting;
        Lease = null;
        if (delay is { } minutes)
            Due = Expires > from ? Math.Min(from + minutes, Expires.Value) : from + minutes;
    }
}
