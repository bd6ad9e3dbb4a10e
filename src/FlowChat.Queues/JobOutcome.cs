namespace FlowChat.Queues;

/// <summary>How one run of a job ended, and so what becomes of the job.</summary>
public sealed record JobOutcome
{
    private JobOutcome? settledAs;

    private JobOutcome(JobOutcomeKind kind, string? reason = null, TimeSpan? delay = null)
    {
        Kind = kind;
        Reason = reason;
        Delay = delay;
    }

    /// <summary>The job is done and goes.</summary>
    public static JobOutcome Done { get; } = new(JobOutcomeKind.Done);

    /// <summary>The handler settled the job in its own transaction; the worker only lets go of it.</summary>
    public static JobOutcome Settled { get; } = new(JobOutcomeKind.Settled);

    /// <summary>The same, with what the handler made of the job, so that it is counted as that.</summary>
    public static JobOutcome SettledAs(JobOutcome outcome) =>
        new(JobOutcomeKind.Settled) { settledAs = outcome };

    /// <summary>The job goes back to its place at once and the attempt is not counted: the run was interrupted.</summary>
    internal static JobOutcome HandBack { get; } = new(JobOutcomeKind.HandBack);

    /// <summary>Which of them.</summary>
    public JobOutcomeKind Kind { get; }

    /// <summary>Whether the job's run was its last.</summary>
    internal bool IsEnd => Kind is JobOutcomeKind.Done or JobOutcomeKind.Dead;

    /// <summary>The error, or what the job waits for.</summary>
    public string? Reason { get; }

    /// <summary>How long to wait.</summary>
    public TimeSpan? Delay { get; }

    /// <summary>
    /// The attempt failed: the job keeps its place and runs again after <paramref name="delay"/>, or is dead when this
    /// was its last attempt.
    /// </summary>
    /// <param name="error">What went wrong; kept with the job and shown to people.</param>
    /// <param name="delay">Default: the queue's back-off.</param>
    public static JobOutcome Retry(string error, TimeSpan? delay = null) =>
        new(JobOutcomeKind.Retry, error, NotNegative(delay));

    /// <summary>Not now: the job keeps its place and runs again after <paramref name="delay"/>. Costs no attempt.</summary>
    public static JobOutcome Snooze(TimeSpan delay, string reason) =>
        new(JobOutcomeKind.Snooze, reason, NotNegative(delay));

    /// <summary>
    /// Not now, and none of the same limit key either: the whole key waits at least for <paramref name="delay"/>.
    /// Costs no attempt. Only in queues with limit keys; elsewhere the run fails.
    /// </summary>
    public static JobOutcome Park(TimeSpan delay, string reason) =>
        new(JobOutcomeKind.Park, reason, NotNegative(delay));

    /// <summary>The job can't succeed: it is dead, with no further attempt, and leaves its lane.</summary>
    public static JobOutcome Dead(string error) => new(JobOutcomeKind.Dead, error);

    /// <summary>What has become of the job, whoever settled it.</summary>
    internal JobOutcomeKind End => settledAs?.Kind ?? Kind;

    /// <summary>
    /// What the backend has to do: a retry gets its delay, or becomes dead after the last attempt; a park that the
    /// queue can't do becomes a failure.
    /// </summary>
    internal JobOutcome Resolve(int attempt, QueueOptions options, Random random) =>
        Kind switch
        {
            JobOutcomeKind.Park when !options.HasKeys => Retry(
                    $"The handler parked the limit key, but queue {options.Name} has no limit keys."
                )
                .Resolve(attempt, options, random),
            JobOutcomeKind.Retry when attempt >= options.MaxAttempts => Dead(Reason!),
            JobOutcomeKind.Retry when Delay is null => Retry(
                Reason!,
                RetryDelay.After(attempt, options, random.NextDouble())
            ),
            JobOutcomeKind.Settled when settledAs is { } outcome => SettledAs(
                outcome.Resolve(attempt, options, random)
            ),
            _ => this,
        };

    private static TimeSpan? NotNegative(TimeSpan? delay)
    {
        if (delay is { } value)
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero, nameof(delay));
        return delay;
    }
}

/// <summary>The ways in which a run can end; see the members of <see cref="JobOutcome"/>.</summary>
public enum JobOutcomeKind
{
    /// <summary>See <see cref="JobOutcome.Done"/>.</summary>
    Done,

    /// <summary>See <see cref="JobOutcome.Retry"/>.</summary>
    Retry,

    /// <summary>See <see cref="JobOutcome.Snooze"/>.</summary>
    Snooze,

    /// <summary>See <see cref="JobOutcome.Park"/>.</summary>
    Park,

    /// <summary>The run was interrupted: back to its place at once, the attempt not counted.</summary>
    HandBack,

    /// <summary>See <see cref="JobOutcome.Dead"/>.</summary>
    Dead,

    /// <summary>See <see cref="JobOutcome.Settled"/>.</summary>
    Settled,
}
