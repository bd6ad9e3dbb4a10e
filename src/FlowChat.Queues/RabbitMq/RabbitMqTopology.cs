using System.Collections.Concurrent;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace FlowChat.Queues.RabbitMq;

/// <summary>
/// The queues behind one queue: itself, its dead letters, and one for each step of waiting, out of which a message falls
/// back into the queue. All are quorum queues, made when they are first needed. For want of room they refuse; what an
/// operator's policy would drop of the queue goes to its dead letters.
/// </summary>
internal sealed class RabbitMqTopology(TimeProvider time)
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

    // RabbitMQ 3.10 notes a queue's log up to a second after it has made the queue. Killed before, it comes back with an
    // empty one that no leader will ever fill: what it had confirmed is lost.
    private static readonly TimeSpan Noted = TimeSpan.FromSeconds(1.5);

    private readonly ConcurrentDictionary<string, long> made = new(StringComparer.Ordinal);
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
        RabbitMqConnection connection,
        IEnumerable<RabbitMqAddress> addresses
    )
    {
        foreach (var address in addresses)
        {
            if (IsDeclared(channel, address.Name))
                continue;
            await MakeAsync(channel, connection, address);
            lock (gate)
                declared.Add(address.Name);
        }
    }

    /// <summary>Waits until a kill of RabbitMQ leaves the queues that were made here as they are.</summary>
    public async Task KeptAsync(
        IEnumerable<RabbitMqAddress> addresses,
        CancellationToken cancellationToken
    )
    {
        if (made.IsEmpty)
            return;
        foreach (var address in addresses)
            if (made.TryGetValue(address.Name, out var at))
            {
                if (Noted - time.GetElapsedTime(at) is var left && left > TimeSpan.Zero)
                    await Task.Delay(left, time, cancellationToken);
                made.TryRemove(new(address.Name, at));
            }
    }

    /// <summary>Makes the queue, or nothing when it is there.</summary>
    public async Task MakeAsync(
        IChannel channel,
        RabbitMqConnection connection,
        RabbitMqAddress address
    )
    {
        var isNew = !await IsThereAsync(connection, address.Name);
        await channel.QueueDeclareAsync(
            address.Name,
            durable: true,
            exclusive: false,
            autoDelete: false,
            Arguments(address),
            cancellationToken: connection.Ended
        );
        if (isNew)
            made[address.Name] = time.GetTimestamp();
    }

    // Who asks for what isn't there loses the channel.
    private static async Task<bool> IsThereAsync(RabbitMqConnection connection, string name)
    {
        await using var asking = await connection.OpenChannelAsync();
        try
        {
            await asking.QueueDeclarePassiveAsync(name, connection.Ended);
            return true;
        }
        catch (OperationInterruptedException e)
            when (e.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return false;
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
