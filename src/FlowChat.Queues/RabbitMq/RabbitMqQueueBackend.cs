using System.Collections.Concurrent;
using RabbitMQ.Client;

namespace FlowChat.Queues.RabbitMq;

/// <summary>
/// Jobs as messages of quorum queues. A message is written when a majority of the brokers has it, and is its worker's
/// until that settles it or its connection ends; RabbitMQ ends it too when a message is held for longer than the
/// broker's <c>consumer_timeout</c> (30 minutes unless set). A wait is made of fixed steps and may end up to a second
/// late. Due and expired are judged by this machine's clock.
/// Alone it has no lanes, limit keys, unique ids, history or pause, and its dead letters wait in the queue
/// <c>NAME:dead</c>; with a ledger before it (<see cref="Ledger.LedgerQueueBackend"/>) all of these are the ledger's.
/// </summary>
public sealed class RabbitMqQueueBackend : IQueueBackend, IAsyncDisposable
{
    // RabbitMQ stops reading from a connection that publishes when it runs out of room: whoever consumes, and so makes
    // room, has another.
    private readonly RabbitMqLink link;
    private readonly RabbitMqLink consuming;
    private readonly RabbitMqTopology topology = new();
    private readonly string prefix;
    private readonly TimeProvider time;
    private readonly ConcurrentDictionary<
        (string Queue, string Worker),
        RabbitMqConsumer
    > consumers = new();

    /// <summary>Makes the backend; it connects when it is first used, and again whenever the connection is lost.</summary>
    /// <param name="url">Where RabbitMQ is.</param>
    /// <param name="time">The clock.</param>
    /// <param name="prefix">Comes before the name of every queue, so that several programs can share a virtual host.</param>
    public RabbitMqQueueBackend(RabbitMqUrl url, TimeProvider time, string prefix = "")
    {
        this.time = time;
        this.prefix = prefix;
        link = new RabbitMqLink(url, time);
        consuming = new RabbitMqLink(url, time);
    }

    /// <inheritdoc/>
    public async ValueTask PrepareAsync(QueueOptions queue, CancellationToken cancellationToken)
    {
        if (queue.HasKeys || queue.IsRated)
            throw new NotSupportedException(
                $"RabbitMQ alone has neither limit keys nor rates: queue {queue.Name} needs a ledger or another backend."
            );
        await link.CallAsync(
            async channel =>
            {
                await topology.DeclareAsync(
                    channel,
                    [RabbitMqTopology.Queue(prefix + queue.Name)],
                    cancellationToken
                );
                return true;
            },
            cancellationToken
        );
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
        // After a reconnect the broker may be another, which doesn't know the queue.
        await PrepareAsync(queue, CancellationToken.None);
        try
        {
            var consumer = await ConsumerAsync(queue.Name, worker);
            if (look)
                return await BeginAsync(
                    queue,
                    await consumer.GetAsync(max, CancellationToken.None)
                );
            await LeaveAsync(await consumer.BeginAsync(max, CancellationToken.None), queue.Name);
            var read = await consumer.ReadAsync(max, queue.PollInterval, cancellationToken);
            if (cancellationToken.IsCancellationRequested)
                await LeaveAsync(consumer, queue.Name);
            return await BeginAsync(queue, read);
        }
        catch (Exception e) when (e is QueueUnavailableException || RabbitMqLink.IsAway(e))
        {
            topology.Forget();
            throw new QueueUnavailableException("RabbitMQ is away, or the queue is gone.", e);
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
            if (await TryAcknowledgeAsync([.. of.Select(l => Delivery(l)!)], cancellationToken))
                settled.UnionWith(of);
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
    /// <remarks>Only what waits can be counted from here.</remarks>
    public async ValueTask<QueueFigures> MeasureAsync(
        string queue,
        CancellationToken cancellationToken
    ) => new() { Queue = queue, Waiting = await CountAsync(prefix + queue, cancellationToken) };

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

    private async Task LeaveAsync(RabbitMqConsumer consumer, string queue)
    {
        try
        {
            await LeaveAsync(await consumer.EndAsync(CancellationToken.None), queue);
        }
        catch (Exception e) when (RabbitMqLink.IsAway(e))
        {
            // Its channel is gone: what was on its way is others'.
        }
    }

    // For others, at the queue's end: sent back by RabbitMQ they would have cost an attempt.
    private async Task LeaveAsync(List<RabbitMqDelivery> unbegun, string queue)
    {
        try
        {
            await PublishAsync(
                [.. unbegun.Select(d => (RabbitMqTopology.Queue(prefix + queue), d.Message))],
                CancellationToken.None
            );
            await TryAcknowledgeAsync(unbegun, CancellationToken.None);
        }
        catch (QueueUnavailableException)
        {
            await TryAsync(unbegun, d => d[0].Consumer.RejectAsync(d, CancellationToken.None));
        }
    }

    private async Task<RabbitMqConsumer> ConsumerAsync(string queue, string worker)
    {
        if (consumers.TryGetValue((queue, worker), out var known) && known.IsOpen)
            return known;
        if (known is not null)
            await known.DisposeAsync();
        var channel = await consuming.OpenChannelAsync(CancellationToken.None);
        var consumer = new RabbitMqConsumer(channel, prefix + queue, time);
        return consumers[(queue, worker)] = consumer;
    }

    // A message may come before its time, between two steps of its wait; and one that killed its workers is dead.
    private async Task<IReadOnlyList<ClaimedJob>> BeginAsync(
        QueueOptions queue,
        List<RabbitMqDelivery> read
    )
    {
        var now = time.GetUtcNow();
        var moved = new List<(RabbitMqAddress, RabbitMqMessage)>();
        var jobs = new List<ClaimedJob>();
        var left = new List<RabbitMqDelivery>();
        foreach (var delivery in read)
        {
            var message = delivery.Message;
            if (message.DueAt > now)
                moved.Add(Addressed(queue.Name, message, now));
            else if (message.Attempts >= queue.MaxAttempts)
                moved.Add(
                    (
                        RabbitMqTopology.DeadLetters(prefix + queue.Name),
                        message with
                        {
                            Error = AbandonedJobRescuer
                                .Decide(message.Attempts, queue.MaxAttempts)
                                .Reason,
                        }
                    )
                );
            else
            {
                jobs.Add(Claimed(queue.Name, delivery, now));
                continue;
            }
            left.Add(delivery);
        }
        await PublishAsync(moved, CancellationToken.None);
        await TryAcknowledgeAsync(left, CancellationToken.None);
        return jobs;
    }

    private static ClaimedJob Claimed(string queue, RabbitMqDelivery delivery, DateTimeOffset now)
    {
        var message = delivery.Message;
        var waited = now - (message.DueAt ?? message.EnqueuedAt);
        return new ClaimedJob
        {
            Lease = new JobLease(
                message.TenantId,
                message.Id,
                queue,
                null,
                Guid.CreateVersion7(),
                message.Attempts + 1
            )
            {
                Receipt = delivery,
            },
            Payload = message.Body,
            Expired = message.ExpiresAt <= now,
            EnqueuedAt = message.EnqueuedAt,
            Waited = waited > TimeSpan.Zero ? waited : TimeSpan.Zero,
            TraceParent = message.TraceParent,
        };
    }

    private (RabbitMqAddress, RabbitMqMessage) Continued(
        JobSettlement settlement,
        DateTimeOffset now
    )
    {
        var (lease, outcome) = settlement;
        var message = Delivery(lease)!.Message;
        if (outcome.Kind == JobOutcomeKind.Dead)
            return (
                RabbitMqTopology.DeadLetters(prefix + lease.Queue),
                message with
                {
                    Attempts = lease.Attempt,
                    Error = outcome.Reason,
                }
            );
        var due = outcome.Delay > TimeSpan.Zero ? now + outcome.Delay : null;
        var next = message with
        {
            Attempts = outcome.Kind == JobOutcomeKind.Retry ? lease.Attempt : lease.Attempt - 1,
            Error = outcome.Reason ?? message.Error,
            DueAt = message.ExpiresAt > now && message.ExpiresAt < due ? message.ExpiresAt : due,
        };
        return Addressed(lease.Queue, next, now);
    }

    private (RabbitMqAddress, RabbitMqMessage) Addressed(
        string queue,
        RabbitMqMessage message,
        DateTimeOffset now
    ) =>
        (
            message.DueAt > now
                ? RabbitMqTopology.WaitingRoom(prefix + queue, message.DueAt.Value - now)
                : RabbitMqTopology.Queue(prefix + queue),
            message
        );

    private async Task PublishAsync(
        List<(RabbitMqAddress To, RabbitMqMessage Message)> messages,
        CancellationToken cancellationToken
    )
    {
        if (messages.Count == 0)
            return;
        try
        {
            await link.CallAsync(
                channel => PublishAsync(channel, messages, cancellationToken),
                cancellationToken
            );
        }
        catch (QueueUnavailableException)
        {
            topology.Forget();
            throw;
        }
    }

    // Unroutable is an error: a queue that was deleted must not swallow jobs.
    private async Task<bool> PublishAsync(
        IChannel channel,
        List<(RabbitMqAddress To, RabbitMqMessage Message)> messages,
        CancellationToken cancellationToken
    )
    {
        await topology.DeclareAsync(channel, messages.Select(m => m.To), cancellationToken);
        await Task.WhenAll(
            messages.Select(m =>
                channel
                    .BasicPublishAsync(
                        "",
                        m.To.Name,
                        mandatory: true,
                        m.Message.Properties(),
                        m.Message.Body,
                        cancellationToken
                    )
                    .AsTask()
            )
        );
        return true;
    }

    private Task<uint> CountAsync(string queue, CancellationToken cancellationToken) =>
        link.CallAsync(
            async channel =>
                (await channel.QueueDeclarePassiveAsync(queue, cancellationToken)).MessageCount,
            cancellationToken
        );

    private static Task<bool> TryAcknowledgeAsync(
        List<RabbitMqDelivery> ended,
        CancellationToken cancellationToken
    ) => TryAsync(ended, d => d[0].Consumer.AcknowledgeAsync(d, cancellationToken));

    // All are of one consumer. If its channel is gone, they are others' already.
    private static async Task<bool> TryAsync(
        List<RabbitMqDelivery> deliveries,
        Func<List<RabbitMqDelivery>, Task> call
    )
    {
        if (deliveries.Count == 0)
            return true;
        try
        {
            await call(deliveries);
            return true;
        }
        catch (Exception e) when (RabbitMqLink.IsAway(e))
        {
            return false;
        }
    }

    private static bool IsHeld(JobLease lease) => Delivery(lease) is { Consumer.IsOpen: true };

    private static RabbitMqDelivery? Delivery(JobLease lease) => lease.Receipt as RabbitMqDelivery;

    private static NotSupportedException NeedsLedger(string what) =>
        new($"RabbitMQ alone can't {what}: put a ledger before it.");
}
