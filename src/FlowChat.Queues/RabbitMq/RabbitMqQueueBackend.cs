using System.Collections.Concurrent;

namespace FlowChat.Queues.RabbitMq;

/// <summary>
/// Jobs as messages of quorum queues. A message is written when a majority of the brokers has it, and is its worker's
/// until that settles it or its connection ends; RabbitMQ ends it too when a message is held for longer than the
/// broker's <c>consumer_timeout</c> (30 minutes unless set). A wait is made of fixed steps and may end up to a second
/// late. Due and expired are judged by this machine's clock.
/// Alone it has no lanes, limit keys, unique ids, history or pause, and its dead letters wait in the queue
/// <c>NAME:dead</c>; with a ledger before it (<see cref="Ledger.LedgerQueueBackend"/>) all of these are the ledger's.
/// </summary>
public sealed partial class RabbitMqQueueBackend : IQueueBackend, IBrokerCheck, IAsyncDisposable
{
    // RabbitMQ stops reading from a connection that publishes when it runs out of room: whoever consumes, and so makes
    // room, has another.
    private readonly RabbitMqLink link;
    private readonly RabbitMqLink consuming;
    private readonly RabbitMqPolicies policies;
    private readonly RabbitMqTopology topology;
    private readonly string prefix;
    private readonly TimeProvider time;
    private readonly ConcurrentDictionary<
        (string Queue, string Worker),
        RabbitMqConsumer
    > consumers = new();
    private readonly ConcurrentDictionary<string, bool> queues = new(StringComparer.Ordinal);

    /// <summary>Makes the backend; it connects when it is first used, and again whenever the connection is lost.</summary>
    /// <param name="url">Where RabbitMQ is.</param>
    /// <param name="time">The clock.</param>
    /// <param name="prefix">Comes before the name of every queue, so that several programs can share a virtual host.</param>
    public RabbitMqQueueBackend(RabbitMqUrl url, TimeProvider time, string prefix = "")
    {
        this.time = time;
        this.prefix = prefix;
        policies = new RabbitMqPolicies(url, time);
        topology = new RabbitMqTopology(time);
        link = new RabbitMqLink(url, time);
        consuming = new RabbitMqLink(url, time);
    }

    /// <inheritdoc/>
    public string Broker => "rabbitmq";

    /// <inheritdoc/>
    /// <remarks>Policies are seen only where RabbitMQ's management answers, on 15672, or 15671 with TLS.</remarks>
    public async ValueTask<IReadOnlyList<string>> FindFaultsAsync(
        CancellationToken cancellationToken
    )
    {
        var faults = new List<string>();
        foreach (var name in queues.Keys)
            try
            {
                await link.CallAsync(
                    (channel, connection) => MakeAsync(channel, connection, name),
                    cancellationToken
                );
            }
            catch (QueueUnavailableException e) when (RabbitMqRefusal.IsOfAnotherKind(e))
            {
                faults.Add(e.Message);
            }
        // Where nothing was prepared yet, that RabbitMQ can be used at all.
        await link.CallAsync((_, _) => Task.FromResult(true), cancellationToken);
        var broken = await policies.FindFaultsAsync(
            queues.Keys.Select(name => prefix + name),
            cancellationToken
        );
        return [.. faults, .. broken];
    }

    /// <inheritdoc/>
    public async ValueTask PingAsync(CancellationToken cancellationToken) =>
        await link.PingAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask PrepareAsync(QueueOptions queue, CancellationToken cancellationToken)
    {
        if (queue.IsLimited)
            throw new NotSupportedException(
                $"RabbitMQ alone has neither limit keys nor rates: queue {queue.Name} needs a ledger or another backend."
            );
        if (queue.Partitions > 1)
            throw new NotSupportedException(
                $"RabbitMQ has no partitions: queue {queue.Name} needs Redis, or 1 of them."
            );
        queues[queue.Name] = true;
        var addresses = RabbitMqTopology.Of(prefix + queue.Name);
        await link.CallAsync(
            async (channel, connection) =>
            {
                await topology.DeclareAsync(channel, connection, addresses);
                return true;
            },
            cancellationToken
        );
        // Here rather than at the first publish, which may be a job that is handed back.
        await topology.KeptAsync(addresses, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>Each is confirmed; when the call fails, some may have been added. Every job counts as added.</remarks>
    /// <exception cref="NotSupportedException">A job has a lane or a limit key.</exception>
    public async ValueTask<int> EnqueueAsync(
        IReadOnlyList<Job> jobs,
        CancellationToken cancellationToken
    )
    {
        if (jobs.Any(job => job.Lane is not null || job.LimitKey is not null))
            throw new NotSupportedException(
                "RabbitMQ has neither lanes nor limit keys: use a ledger or another backend."
            );
        var now = time.GetUtcNow();
        await PublishAsync(
            [.. jobs.Select(job => Addressed(job.Queue, RabbitMqMessage.Of(job, now), now))],
            cancellationToken
        );
        return jobs.Count;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ClaimedJob>> ClaimAsync(
        QueueOptions queue,
        string worker,
        int max,
        CancellationToken cancellationToken
    )
    {
        var look = cancellationToken.IsCancellationRequested;
        try
        {
            var consumer = await ConsumerAsync(queue.Name, worker);
            if (look)
                return await BeginAsync(
                    queue,
                    consumer,
                    await consumer.GetAsync(max, CancellationToken.None)
                );
            await LeaveAsync(await consumer.BeginAsync(max, CancellationToken.None), queue.Name);
            var read = await consumer.ReadAsync(max, queue.PollInterval, cancellationToken);
            if (read.Count == 0)
                read = await consumer.EndIfSilentAsync(CancellationToken.None);
            var jobs = await BeginAsync(queue, consumer, read);
            consumer.Rest();
            if (cancellationToken.IsCancellationRequested)
            {
                await LeaveAsync(consumer, queue.Name);
                await LeaveAsync(consumer.TakeKept(), queue.Name);
            }
            return jobs;
        }
        catch (QueueUnavailableException)
        {
            topology.Forget();
            throw;
        }
        catch (Exception e) when (RabbitMqLink.IsAway(e) || e is OperationCanceledException)
        {
            // Cancelled by nobody here: the client gives up its questions after a while.
            topology.Forget();
            throw new QueueUnavailableException($"RabbitMQ: {RabbitMqRefusal.Reason(e)}", e);
        }
    }

    /// <inheritdoc/>
    /// <remarks>A message is held as long as its channel lives.</remarks>
    public ValueTask<IReadOnlySet<JobLease>> RenewAsync(
        QueueOptions queue,
        IReadOnlyCollection<JobLease> leases,
        CancellationToken cancellationToken
    ) => ValueTask.FromResult<IReadOnlySet<JobLease>>(leases.Where(IsHeld).ToHashSet());

    /// <inheritdoc/>
    /// <remarks>What goes on is published and confirmed before its old message is acknowledged.</remarks>
    public async ValueTask<IReadOnlySet<JobLease>> SettleAsync(
        IReadOnlyList<JobSettlement> settlements,
        CancellationToken cancellationToken
    )
    {
        var held = settlements.Where(s => IsHeld(s.Lease)).ToList();
        // Who has more than it can begin has no use for what is on its way, nor for what it hands back.
        foreach (
            var lease in held.Where(s => s.Outcome.Kind == JobOutcomeKind.HandBack)
                .Select(s => s.Lease)
                .DistinctBy(lease => Delivery(lease)!.Consumer)
        )
            await LeaveAsync(Delivery(lease)!.Consumer, lease.Queue);
        var now = time.GetUtcNow();
        await PublishAsync(
            [
                .. held.Where(s => s.Outcome.Kind != JobOutcomeKind.Done)
                    .Select(s => Continued(s, now)),
            ],
            cancellationToken
        );
        var settled = new HashSet<JobLease>();
        foreach (var of in held.Select(s => s.Lease).GroupBy(lease => Delivery(lease)!.Consumer))
        {
            List<RabbitMqDelivery> ended = [.. of.Select(lease => Delivery(lease)!)];
            if (!await TryAcknowledgeAsync(ended, cancellationToken))
                continue;
            foreach (var delivery in ended)
                delivery.IsOver = true;
            settled.UnionWith(of);
        }
        return settled;
    }

    /// <inheritdoc/>
    /// <remarks>Forgets consumers whose channel died; RabbitMQ itself gives their messages to others.</remarks>
    public async ValueTask<IReadOnlyList<ClaimedJob>> MaintainAsync(
        QueueOptions queue,
        string rescuer,
        int max,
        CancellationToken cancellationToken
    )
    {
        foreach (var (name, consumer) in consumers)
            if (!consumer.IsOpen && consumers.TryRemove(new(name, consumer)))
                await consumer.DisposeAsync();
        return [];
    }

    /// <inheritdoc/>
    /// <remarks>Only what waits and what is dead can be counted from here.</remarks>
    public async ValueTask<QueueFigures> MeasureAsync(
        string queue,
        CancellationToken cancellationToken
    ) =>
        new()
        {
            Queue = queue,
            Backend = Broker,
            Waiting = await CountAsync(prefix + queue, cancellationToken),
            Dead = await CountAsync(
                RabbitMqTopology.DeadLetters(prefix + queue).Name,
                cancellationToken
            ),
        };

    /// <summary>How many dead letters wait in <c>NAME:dead</c>.</summary>
    internal async Task<long> CountDeadAsync(
        QueueOptions queue,
        CancellationToken cancellationToken
    )
    {
        if (!queues.ContainsKey(queue.Name))
            await PrepareAsync(queue, cancellationToken);
        var dead = RabbitMqTopology.DeadLetters(prefix + queue.Name);
        return await CountAsync(dead.Name, cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always.</exception>
    public ValueTask SetPausedAsync(
        string queue,
        bool paused,
        CancellationToken cancellationToken
    ) => throw NeedsLedger("pause");

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always.</exception>
    public ValueTask<IReadOnlyList<DeadJob>> FindDeadAsync(
        DeadJobFilter filter,
        DeadJobCursor? after,
        int limit,
        CancellationToken cancellationToken
    ) => throw NeedsLedger("search in dead letters");

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always.</exception>
    public ValueTask<int> ActOnDeadAsync(
        DeadJobFilter filter,
        DeadJobAction action,
        bool dryRun,
        CancellationToken cancellationToken
    ) => throw NeedsLedger("act on dead letters");

    /// <summary>Closes the connections: what this process holds is others' again.</summary>
    public async ValueTask DisposeAsync()
    {
        await consuming.DisposeAsync();
        await link.DisposeAsync();
    }
}
