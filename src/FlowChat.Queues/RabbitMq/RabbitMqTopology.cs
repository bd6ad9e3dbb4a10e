using RabbitMQ.Client;

namespace FlowChat.Queues.RabbitMq;

/// <summary>
/// The queues behind one queue: itself, its dead letters, and one for each step of waiting, out of which a message falls
/// back into the queue. All are quorum queues, made when they are first needed; nothing of them is dropped for want of
/// room.
/// </summary>
internal sealed class RabbitMqTopology
{
    // A wait is the sum of some of these, the longest first.
    private static readonly TimeSpan[] Steps =
    [
        TimeSpan.FromSeconds(1),
        TimeSpan.FromSeconds(2),
        TimeSpan.FromSeconds(5),
        TimeSpan.FromSeconds(15),
        TimeSpan.FromMinutes(1),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(3),
        TimeSpan.FromDays(1),
    ];

    private readonly Lock gate = new();
    private readonly HashSet<string> declared = new(StringComparer.Ordinal);
    private IChannel? on;

    public static RabbitMqAddress Queue(string queue) => new(queue, queue, null);

    public static RabbitMqAddress DeadLetters(string queue) => new($"{queue}:dead", queue, null);

    /// <summary>Where a message waits next: never longer than it has to, but for the last second.</summary>
    public static RabbitMqAddress WaitingRoom(string queue, TimeSpan wait)
    {
        var step = Array.FindLast(Steps, step => step <= wait);
        if (step == TimeSpan.Zero)
            step = Steps[0];
        return new($"{queue}:wait:{(long)step.TotalSeconds}s", queue, step);
    }

    /// <summary>Makes the queues that this channel hasn't made: a broker that was replaced knows none.</summary>
    public async Task DeclareAsync(
        IChannel channel,
        IEnumerable<RabbitMqAddress> addresses,
        CancellationToken cancellationToken
    )
    {
        foreach (var address in addresses.Distinct())
        {
            if (IsDeclared(channel, address.Name))
                continue;
            await channel.QueueDeclareAsync(
                address.Name,
                durable: true,
                exclusive: false,
                autoDelete: false,
                Arguments(address),
                cancellationToken: cancellationToken
            );
            lock (gate)
                declared.Add(address.Name);
        }
    }

    /// <summary>Something was not where it was declared: everything is declared again.</summary>
    public void Forget()
    {
        lock (gate)
            declared.Clear();
    }

    private bool IsDeclared(IChannel channel, string name)
    {
        lock (gate)
        {
            if (on != channel)
                declared.Clear();
            on = channel;
            return declared.Contains(name);
        }
    }

    private static Dictionary<string, object?> Arguments(RabbitMqAddress address)
    {
        var arguments = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["x-queue-type"] = "quorum",
        };
        if (address.Wait is not { } wait)
            return arguments;
        arguments["x-message-ttl"] = (long)wait.TotalMilliseconds;
        arguments["x-dead-letter-exchange"] = "";
        arguments["x-dead-letter-routing-key"] = address.Queue;
        arguments["x-dead-letter-strategy"] = "at-least-once";
        arguments["x-overflow"] = "reject-publish";
        return arguments;
    }
}

/// <summary>A queue of the broker.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Queue">The queue that it serves.</param>
/// <param name="Wait">How long a message stays in it. Null: until it is taken.</param>
internal sealed record RabbitMqAddress(string Name, string Queue, TimeSpan? Wait);
