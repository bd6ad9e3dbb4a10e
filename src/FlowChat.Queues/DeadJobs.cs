namespace FlowChat.Queues;

/// <summary>Which dead jobs of a queue are meant. Without any condition: all.</summary>
public sealed record DeadJobFilter
{
    /// <summary>The queue.</summary>
    public required string Queue { get; init; }

    /// <summary>Only this tenant's. Default: every tenant's.</summary>
    public Guid? TenantId { get; init; }

    /// <summary>Only these. Default: any.</summary>
    public IReadOnlyList<Guid>? Ids { get; init; }

    /// <summary>Only those whose payload, error, lane or limit key contains the text, in any case. Default: any.</summary>
    public string? Text { get; init; }
}

/// <summary>Where a page of dead jobs begins: after this one.</summary>
public sealed record DeadJobCursor(DateTimeOffset DeadAt, Guid Id);

/// <summary>A dead job.</summary>
public sealed record DeadJob
{
    /// <summary>The job, as it would run again.</summary>
    public required Job Job { get; init; }

    /// <summary>How often it was tried.</summary>
    public int Attempt { get; init; }

    /// <summary>Why it is dead.</summary>
    public string? Error { get; init; }

    /// <summary>Its last ten errors, oldest first.</summary>
    public IReadOnlyList<JobError> Errors { get; init; } = [];

    /// <summary>When it was added or last requeued.</summary>
    public DateTimeOffset EnqueuedAt { get; init; }

    /// <summary>When it died.</summary>
    public DateTimeOffset DeadAt { get; init; }
}

/// <summary>One failed attempt.</summary>
public sealed record JobError(DateTimeOffset At, int Attempt, string Error);

/// <summary>What is to become of dead jobs.</summary>
public sealed record DeadJobAction
{
    private DeadJobAction(bool requeue, double? perSecond)
    {
        IsRequeue = requeue;
        PerSecond = perSecond;
    }

    /// <summary>The jobs go, for good.</summary>
    public static DeadJobAction Discard { get; } = new(false, null);

    internal bool IsRequeue { get; }

    internal double? PerSecond { get; }

    /// <summary>
    /// The jobs run again with all their attempts, oldest death first, each at its lane's end; a time to live starts
    /// anew.
    /// </summary>
    /// <param name="perSecond">How many become due each second, so that a repaired service isn't flooded. Default: all now.</param>
    public static DeadJobAction Requeue(double? perSecond = null)
    {
        if (perSecond is { } pace)
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pace, nameof(perSecond));
        return new(true, perSecond);
    }
}
