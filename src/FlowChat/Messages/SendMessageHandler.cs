using FlowChat.Gateways;
using FlowChat.Instances;
using FlowChat.Queues;
using FlowChat.Queues.Postgres;
using FlowChat.Storage;
using Npgsql;

namespace FlowChat.Messages;

/// <summary>Brings one message to its gateway: claim, call, record.</summary>
internal sealed partial class SendMessageHandler(
    TenantWriter writer,
    GatewayCatalog gateways,
    InstanceMonitor monitor,
    ILogger<SendMessageHandler> logger
) : IJobHandler<SendMessageJob>
{
    /// <summary>How long sends wait when the monitor hasn't parked them yet.</summary>
    private static readonly TimeSpan NotConnectedDelay = TimeSpan.FromSeconds(15);

    public async ValueTask<JobOutcome> HandleAsync(
        SendMessageJob job,
        JobContext context,
        CancellationToken cancellationToken
    )
    {
        var instanceId = Guid.Parse(context.LimitKey!);
        var start = await writer.WriteAsync(
            context.TenantId,
            new StartSend(job.MessageId, instanceId, context.Lease, context.Expired),
            cancellationToken
        );
        switch (start.Next)
        {
            case StartSend.Next.Call:
                return await CallAsync(job, context, start, cancellationToken);
            case StartSend.Next.WaitForEcho:
                return JobOutcome.Snooze(start.Wait, "The outcome of the last attempt is unknown.");
            case StartSend.Next.NotConnected:
                return JobOutcome.Park(NotConnectedDelay, "The number isn't connected.");
            default:
                return JobOutcome.Settled;
        }
    }

    private async Task<JobOutcome> CallAsync(
        SendMessageJob job,
        JobContext context,
        StartSend.Answer start,
        CancellationToken cancellationToken
    )
    {
        var result = await gateways
            .For(start.Instance!)
            .SendTextAsync(start.Instance!, start.Jid!, start.Text ?? "", cancellationToken);
        Log.Answered(logger, job.MessageId, context.Attempt, result.GetType().Name);
        if (result is SendResult.NotConnected)
        {
            monitor.CheckSoon(start.Instance!.Id);
        }
        FinishSend Finish(JobLease? lease) =>
            new(job.MessageId, result, lease, context.IsLastAttempt, context.Expired);

        // What the gateway did is done: recording it is not cut short by a shutdown.
        try
        {
            await writer.WriteAsync(
                context.TenantId,
                Finish(context.Lease),
                CancellationToken.None
            );
        }
        catch (PostgresException error) when (JobLedger.IsLeaseLost(error))
        {
            // Another worker has already called the outcome unknown; what is known now is better.
            await writer.WriteAsync(context.TenantId, Finish(null), CancellationToken.None);
        }
        return JobOutcome.Settled;
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
