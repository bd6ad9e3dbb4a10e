using RabbitMQ.Client;

namespace FlowChat.Queues.RabbitMq;

/// <summary>What becomes of the messages: begun, put back, published, acknowledged.</summary>
public sealed partial class RabbitMqQueueBackend
{
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
        catch (Exception e) when (e is QueueUnavailableException or OperationCanceledException)
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
        // After a reconnect the broker may be another, which doesn't know the queue.
        var channel = await consuming.OpenChannelAsync(
            (opened, connection) => MakeAsync(opened, connection, queue),
            CancellationToken.None
        );
        var consumer = new RabbitMqConsumer(
            channel,
            prefix + queue,
            resting => _ = LeaveAsync(resting, queue),
            time
        );
        return consumers[(queue, worker)] = consumer;
    }

    private async Task<bool> MakeAsync(
        IChannel channel,
        RabbitMqConnection connection,
        string queue
    )
    {
        foreach (var address in RabbitMqTopology.Of(prefix + queue))
            await topology.MakeAsync(channel, connection, address);
        return true;
    }

    // A message may come before its time, between two steps of its wait; and one that killed its workers is dead.
    private async Task<IReadOnlyList<ClaimedJob>> BeginAsync(
        QueueOptions queue,
        RabbitMqConsumer consumer,
        List<RabbitMqDelivery> read
    )
    {
        var now = time.GetUtcNow();
        var begun = read.ToLookup(d =>
            !(d.Message.DueAt > now) && d.Message.Attempts < queue.MaxAttempts
        );
        await MoveAsync(queue, consumer, [.. consumer.TakeKept(), .. begun[false]], now);
        return [.. begun[true].Select(delivery => Claimed(queue.Name, delivery, now))];
    }

    // What can't be moved costs nobody its job: each claim tries again.
    private async Task MoveAsync(
        QueueOptions queue,
        RabbitMqConsumer consumer,
        List<RabbitMqDelivery> unbegun,
        DateTimeOffset now
    )
    {
        try
        {
            await PublishAsync(
                [.. unbegun.Select(d => Moved(queue, d.Message, now))],
                CancellationToken.None
            );
        }
        catch (Exception e) when (e is QueueUnavailableException or OperationCanceledException)
        {
            consumer.Keep(unbegun);
            return;
        }
        await TryAcknowledgeAsync(unbegun, CancellationToken.None);
    }

    private (RabbitMqAddress, RabbitMqMessage) Moved(
        QueueOptions queue,
        RabbitMqMessage message,
        DateTimeOffset now
    ) =>
        message.DueAt > now || message.Attempts < queue.MaxAttempts
            ? Addressed(queue.Name, message, now)
            : (
                RabbitMqTopology.DeadLetters(prefix + queue.Name),
                message with
                {
                    Error = AbandonedJobRescuer.Decide(message.Attempts, queue.MaxAttempts).Reason,
                }
            );

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
        try
        {
            foreach (var some in messages.Chunk(RabbitMqConnection.MaxUnconfirmed))
                await link.CallAsync(
                    (channel, connection) => PublishAsync(channel, connection, some),
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
        RabbitMqConnection connection,
        IReadOnlyCollection<(RabbitMqAddress To, RabbitMqMessage Message)> messages
    )
    {
        List<RabbitMqAddress> addresses = [.. messages.Select(m => m.To).Distinct()];
        await topology.DeclareAsync(channel, connection, addresses);
        await topology.KeptAsync(addresses, connection.Ended);
        await Task.WhenAll(
            messages.Select(m =>
                channel
                    .BasicPublishAsync(
                        "",
                        m.To.Name,
                        mandatory: true,
                        m.Message.Properties(),
                        m.Message.Body,
                        connection.Ended
                    )
                    .AsTask()
            )
        );
        return true;
    }

    private Task<uint> CountAsync(string queue, CancellationToken cancellationToken) =>
        link.CallAsync(
            async (channel, connection) =>
                (await channel.QueueDeclarePassiveAsync(queue, connection.Ended)).MessageCount,
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

    private static bool IsHeld(JobLease lease) =>
        Delivery(lease) is { Consumer.IsOpen: true, IsOver: false };

    private static RabbitMqDelivery? Delivery(JobLease lease) => lease.Receipt as RabbitMqDelivery;

    private static NotSupportedException NeedsLedger(string what) =>
        new($"RabbitMQ alone can't {what}: put a ledger before it.");
}
