using FlowChat.Gateways;
using FlowChat.Inbound;
using FlowChat.Instances;
using FlowChat.Queues;
using FlowChat.Queues.Postgres;
using FlowChat.Storage;
using Npgsql;

namespace FlowChat.Messages;

/// <summary>Brings one message to its gateway: claim, call, record.</summary>
internal sealed partial class SendMessageHandler(
    TenantWriter writer,
    SendCall send,
    InstanceMonitor monitor,
    TimeProvider clock,
    ILogger<SendMessageHandler> logger
) : IJobHandler<SendMessageJob>
{
    private static readonly TimeSpan RecordAgain = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ClaimAgain = TimeSpan.FromSeconds(2);

    public async ValueTask<JobOutcome> HandleAsync(
        SendMessageJob job,
        JobContext context,
        CancellationToken cancellationToken
    )
    {
        var instanceId = Guid.Parse(context.LimitKey!);
        var start = new StartSend(job.MessageId, instanceId, context.Lease, context.Expired);
        StartSend.Answer answer;
        try
        {
            // Waited for to its end: a claim that is committed unseen would look like a call.
            answer = await writer.WriteAsync(context.TenantId, start, CancellationToken.None);
        }
        catch (StorageUnavailableException error)
        {
            // Nobody was called. A database that is away for long must not use up the attempts.
            return JobOutcome.Snooze(ClaimAgain, error.Message);
        }
        return JobOutcome.SettledAs(
            answer.Call is { } call
                ? await CallAsync(job, context, call, cancellationToken)
                : answer.Settled!
        );
    }

    private async Task<JobOutcome> CallAsync(
        SendMessageJob job,
        JobContext context,
        StartSend.Call call,
        CancellationToken cancellationToken
    )
    {
        var result = await WaitAsync(call.At, cancellationToken)
            ? await send.RunAsync(context.TenantId, call, cancellationToken)
            : new SendResult.NotConnected("FlowChat is stopping.", TimeSpan.Zero);
        Log.Answered(logger, job.MessageId, context.Attempt, result.GetType().Name);
        if (result is SendResult.NotConnected)
        {
            monitor.CheckSoon(call.Instance.Id);
        }
        if (result is SendResult.KeyRefused refused)
        {
            await ParkNumberAsync(context.TenantId, call.Instance.Id, refused, cancellationToken);
        }
        FinishSend Finish(JobLease? lease) =>
            new(job.MessageId, result, lease, context.IsLastAttempt, context.Expired)
            {
                GivenId = call.Message.WaId,
                IsHeeded = call.Instance.HeedsIds,
                MayRepeat = OwnMessageId.IsHeeded(call.Instance, call.Message.Type),
            };

        try
        {
            await RecordAsync(context.TenantId, Finish(context.Lease), cancellationToken);
        }
        catch (PostgresException error) when (JobLedger.IsLeaseLost(error))
        {
            // Another worker has already called the outcome unknown; what is known now is better.
            await RecordAsync(context.TenantId, Finish(null), cancellationToken);
        }
        return Finish(null).Outcome;
    }

    /// <returns>False = FlowChat stops first.</returns>
    private async Task<bool> WaitAsync(DateTimeOffset until, CancellationToken cancellationToken)
    {
        var wait = until - clock.GetUtcNow();
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, clock, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return !cancellationToken.IsCancellationRequested;
    }

    /// <summary>Before this job gives its turn back: no further send of the number begins with that key.</summary>
    private async Task ParkNumberAsync(
        Guid tenantId,
        Guid instanceId,
        SendResult.KeyRefused refused,
        CancellationToken cancellationToken
    )
    {
        var state = new ReceiveInstanceState(
            instanceId,
            InstanceState.Refused,
            refused.Reason,
            ownerJid: null
        );
        if (await RecordAsync(tenantId, state, cancellationToken) == Received.Accepted)
        {
            await monitor.KeyRefusedAsync(tenantId, instanceId, CancellationToken.None);
        }
    }

    /// <summary>What the gateway did is done: neither a shutdown nor a database that is away makes it unknown.</summary>
    private async Task<T> RecordAsync<T>(
        Guid tenantId,
        TenantChange<T> change,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            try
            {
                return await writer.WriteAsync(tenantId, change, CancellationToken.None);
            }
            catch (StorageUnavailableException) when (!cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(RecordAgain, clock, cancellationToken);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Information,
            Message = "Send of message {MessageId}, attempt {Attempt}: {Result}"
        )]
        public static partial void Answered(
            ILogger logger,
            Guid messageId,
            int attempt,
            string result
        );
    }
}
