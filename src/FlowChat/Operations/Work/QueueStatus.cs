namespace FlowChat.Operations.Work;

/// <summary>The queues of the whole installation at one moment.</summary>
/// <param name="Queues">By name.</param>
/// <param name="Alerts">What an operator should look at.</param>
/// <param name="Timestamp">When the figures were read.</param>
/// <param name="Stale">The database is away: the figures are the last that it gave, the alerts are of now.</param>
public sealed record QueueBoard(
    IReadOnlyList<QueueStatus> Queues,
    IReadOnlyList<QueueAlert> Alerts,
    DateTimeOffset Timestamp,
    bool Stale = false
);

/// <summary>One queue, over all tenants and processes.</summary>
/// <param name="Name">The queue.</param>
/// <param name="Backend">What keeps its jobs.</param>
/// <param name="Waiting">Due, and waiting for a worker, its lane or its number.</param>
/// <param name="Active">In the hands of a worker.</param>
/// <param name="Delayed">Not due yet.</param>
/// <param name="Completed">Done since the queue was made, but for the last seconds before a process was killed.</param>
/// <param name="Failed">Died since the queue was made.</param>
/// <param name="Dead">Dead, and not requeued or discarded yet.</param>
/// <param name="Paused">Nothing is claimed.</param>
/// <param name="Workers">Workers that live, busy or idle.</param>
/// <param name="OldestWaitingSeconds">How long the oldest waiting job has been due.</param>
/// <param name="ProcessedPerSecond">Jobs done or died, the mean of the last minute.</param>
/// <param name="WaitSeconds">From due to claimed, in the last minute; null without any run.</param>
/// <param name="RunSeconds">How long handlers took.</param>
/// <param name="Strangers">Dead entries of a broker that never had a row: an older producer's, say.</param>
public sealed record QueueStatus(
    string Name,
    string Backend,
    long Waiting,
    long Active,
    long Delayed,
    long Completed,
    long Failed,
    long Dead,
    bool Paused,
    int Workers,
    double OldestWaitingSeconds,
    double ProcessedPerSecond,
    Percentiles? WaitSeconds,
    Percentiles? RunSeconds,
    long Strangers = 0
);

public sealed record Percentiles(double P50, double P95, double P99);

/// <param name="Code">A stable word for rules: backlog, over_maxlen, oldest_waiting, dead_letters, strangers, no_consumer, broker, database.</param>
/// <param name="Queue">Null when it is about a server.</param>
/// <param name="Text">For people.</param>
public sealed record QueueAlert(string Code, string? Queue, string Text);
