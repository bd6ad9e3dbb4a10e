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
    public async ValueTask<JobOutcome> HandleAsync(
        SendMessageJob job,
        JobContext context,
        CancellationToken cancellationToken
    )
    {
        var instanceId = Guid.Parse(context.LimitKey!);
        var start = new StartSend(job.MessageId, instanceId, context.Lease, context.Expired);
        if (await writer.WriteAsync(context.TenantId, start, cancellationToken) is { } call)
        {
            await CallAsync(job, context, call, cancellationToken);
        }
        return JobOutcome.Settled;
    }

    private async Task CallAsync(
        SendMessageJob job,
        JobContext context,
        StartSend.Call call,
        CancellationToken cancellationToken
    )
    {
        var result = await gateways
            .For(call.Instance)
            .SendTextAsync(call.Instance, call.Jid, call.Text, cancellationToken);
        Log.Answered(logger, job.MessageId, context.Attempt, result.GetType().Name);
        if (result is SendResult.NotConnected)
        {
            monitor.CheckSoon(call.Instance.Id);
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
