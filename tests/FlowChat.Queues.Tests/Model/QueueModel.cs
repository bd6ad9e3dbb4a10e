namespace FlowChat.Queues.Tests.Model;

/// <summary>The promises of a queue, in memory and without speed.</summary>
internal sealed class QueueModel(QueueOptions options)
{
    private readonly Dictionary<string, int> parkedUntil = new(StringComparer.Ordinal);
    private readonly List<(int At, string? Key)> begun = [];
    private int numbers;

    public List<ModelJob> Jobs { get; } = [];

    public int Now { get; private set; }

    public bool Paused { get; set; }

    private int Lease => (int)options.Lease.TotalMinutes;

    public void Advance(int minutes) => Now += minutes;

    /// <summary>The only one with that id, or the last that had it.</summary>
    public ModelJob? Find(Guid id) => Jobs.Find(job => job.Id == id);

    public int CountOf(ModelState state) => Jobs.Count(job => job.State == state);

    /// <summary>Those whose worker is thought dead.</summary>
    public IReadOnlyList<ModelJob> Abandoned =>
        [.. Jobs.Where(job => job.State == ModelState.Leased && job.LeaseUntil <= Now)];

    public void Add(Job job, int due, int? expires)
    {
        Jobs.RemoveAll(gone => gone.Id == job.Id);
        Jobs.Add(new(job, ++numbers, Now, Now + due, Now + expires));
    }

    public bool IsClaimable(ModelJob job) =>
        !Paused
        && job.State == ModelState.Waiting
        && job.Due <= Now
        && (job.HasExpired(Now) || !IsParked(job.Key))
        && (
            job.Lane is null
            || !Jobs.Any(o => o.IsOpen && o.Lane == job.Lane && o.Number < job.Number)
        )
        && (job.Key is null || RunningOf(job.Key) < (options.KeyConcurrency ?? int.MaxValue))
        && begun.Count(b => IsWithin(b.At, options.RatePeriod)) < (options.Rate ?? int.MaxValue)
        && begun.Count(b => b.Key == job.Key && IsWithin(b.At, options.KeyRatePeriod))
            < (options.KeyRate ?? int.MaxValue);

    public void Claim(ModelJob job, JobLease lease)
    {
        job.State = ModelState.Leased;
        job.Attempt++;
        TakeOver(job, lease);
        begun.Add((Now, job.Key));
    }

    public void TakeOver(ModelJob job, JobLease lease)
    {
        job.Lease = lease;
        job.LeaseUntil = Now + Lease;
    }

    public ModelJob? HolderOf(JobLease lease) => Jobs.Find(job => job.Lease == lease);

    public void Renew(ModelJob job) => job.LeaseUntil = Now + Lease;

    public void Settle(ModelJob job, JobOutcome outcome)
    {
        int? minutes = outcome.Delay is { } delay ? (int)delay.TotalMinutes : null;
        switch (outcome.Kind)
        {
            case JobOutcomeKind.Done:
                End(job, ModelState.Gone);
                break;
            case JobOutcomeKind.Dead:
            case JobOutcomeKind.Retry when job.Attempt >= options.MaxAttempts:
                End(job, ModelState.Dead);
                break;
            case JobOutcomeKind.Retry:
                job.Wait(Now, minutes);
                break;
            case JobOutcomeKind.Snooze:
                job.Attempt--;
                job.Wait(Now, minutes);
                break;
            case JobOutcomeKind.HandBack:
                job.Attempt--;
                job.Wait(Now, delay: null);
                break;
            case JobOutcomeKind.Park:
                job.Attempt--;
                job.Wait(Now, job.HasExpired(Now) ? minutes : null);
                parkedUntil[job.Key!] = Math.Max(
                    parkedUntil.GetValueOrDefault(job.Key!),
                    Now + minutes!.Value
                );
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(outcome));
        }
    }

    /// <returns>How many of the abandoned run again, and how many are dead.</returns>
    public RescueCounts Rescue()
    {
        var abandoned = Abandoned;
        foreach (var job in abandoned)
            Settle(
                job,
                JobOutcome.Retry(
                    "",
                    job.Attempt == 1
                        ? TimeSpan.Zero
                        : RetryDelay.After(job.Attempt, options, random: 0)
                )
            );
        return new RescueCounts(
            abandoned.Count(job => job.IsOpen),
            abandoned.Count(job => !job.IsOpen)
        );
    }

    public void Requeue(ModelJob job)
    {
        job.Expires = Now + job.Expires - job.EnqueuedAt;
        (job.State, job.Number, job.Attempt, job.EnqueuedAt, job.Due) = (
            ModelState.Waiting,
            ++numbers,
            0,
            Now,
            Now
        );
        job.Due = Math.Min(job.Due, job.Expires ?? int.MaxValue);
    }

    private bool IsWithin(int at, TimeSpan period) => at > Now - (int)period.TotalMinutes;

    private bool IsParked(string? key) =>
        key is not null && parkedUntil.GetValueOrDefault(key) > Now;

    private int RunningOf(string key) =>
        Jobs.Count(job => job.State == ModelState.Leased && job.Key == key);

    private static void End(ModelJob job, ModelState state)
    {
        job.State = state;
        job.Lease = null;
    }
}
