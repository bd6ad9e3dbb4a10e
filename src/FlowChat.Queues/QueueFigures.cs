namespace FlowChat.Queues;

/// <summary>A queue at one moment, over all tenants and processes.</summary>
public sealed record QueueFigures
{
    /// <summary>The queue.</summary>
    public required string Queue { get; init; }

    /// <summary>What keeps its jobs, or carries them to their workers: postgres, redis, rabbitmq.</summary>
    public string Backend { get; init; } = "";

    /// <summary>Jobs that are due: those that wait for a worker, for their lane or for their key.</summary>
    public long Waiting { get; init; }

    /// <summary>Jobs that a worker has.</summary>
    public long Active { get; init; }

    /// <summary>Jobs that are not due yet.</summary>
    public long Delayed { get; init; }

    /// <summary>Dead jobs.</summary>
    public long Dead { get; init; }

    /// <summary>Whether the queue is paused.</summary>
    public bool Paused { get; init; }

    /// <summary>Workers that have jobs now.</summary>
    public int BusyWorkers { get; init; }

    /// <summary>
    /// How long the oldest waiting job has been due; zero without one. On Redis alone: of those that a worker could take
    /// now, without those that wait behind others of their lane or key; RabbitMQ alone doesn't tell.
    /// </summary>
    public TimeSpan OldestWaiting { get; init; }

    /// <summary>What the server is set up to do that the queue's promises don't survive, in words for people.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
