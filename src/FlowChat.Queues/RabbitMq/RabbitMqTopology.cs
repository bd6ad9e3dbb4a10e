using RabbitMQ.Client;

namespace FlowChat.Queues.RabbitMq;

/// <summary>
/// The queues behind one queue: itself, its dead letters, and one for each step of waiting, out of which a message falls
/// back into the queue. All are quorum queues, made when they are first needed. For want of room they refuse; what an
/// operator's policy would drop of the queue goes to its dead letters.
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

    public static RabbitMqAddress Queue(string queue) => new(queue, DeadLetters(queue).Name, null);

    public static RabbitMqAddress DeadLetters(string queue) => new($"{queue}:dead", null, null);

    /// <summary>What a queue can't be without.</summary>
    public static IReadOnlyList<RabbitMqAddress> Of(string queue) =>
        [DeadLetters(queue), Queue(queue)];

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
            await MakeAsync(channel, address, cancellationToken);
            lock (gate)
                declared.Add(address.Name);
        }
    }

    /// <summary>Makes the queue, or nothing when it is there.</summary>
    public static Task MakeAsync(
        IChannel channel,
        RabbitMqAddress address,
        CancellationToken cancellationToken
    ) =>
        channel.QueueDeclareAsync(
            address.Name,
            durable: true,
            exclusive: false,
            autoDelete: false,
            Arguments(address),
            cancellationToken: cancellationToken
        );

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
            ["x-overflow"] = "reject-publish",
        };
        if (address.FallsInto is not { } next)
            return arguments;
        arguments["x-dead-letter-exchange"] = "";
        arguments["x-dead-letter-routing-key"] = next;
        arguments["x-dead-letter-strategy"] = "at-least-once";
        if (address.Wait is { } wait)
            arguments["x-message-ttl"] = (long)wait.TotalMilliseconds;
        return arguments;
    }
}

/// <summary>A queue of the broker.</summary>
/// <param name="Name">Its name.</param>
/// <param name="FallsInto">Where a message goes that RabbitMQ takes out of it.</param>
/// <param name="Wait">How long a message stays in it. Null: until it is taken.</param>
internal sealed record RabbitMqAddress(string Name, string? FallsInto, TimeSpan? Wait);
