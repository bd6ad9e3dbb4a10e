using FlowChat.Gateways;
using FlowChat.Instances;
using FlowChat.Storage;
using Npgsql;

namespace FlowChat.Messages;

/// <summary>The call of a claimed send, and what it proves.</summary>
internal sealed class SendCall(TenantWriter writer, GatewayCatalog gateways, OutboundParts parts)
{
    public async Task<SendResult> RunAsync(
        Guid tenantId,
        StartSend.Call call,
        CancellationToken cancellationToken
    )
    {
        if (
            call.IsRepeat
            && await FindDangerAsync(tenantId, call.Instance, cancellationToken) is { } danger
        )
        {
            return danger;
        }
        OutboundMessage? message;
        try
        {
            message = await parts.AddAsync(tenantId, call, CancellationToken.None);
        }
        catch (Exception error) when (error is NpgsqlException || TenantWriter.IsUnavailable(error))
        {
            return new SendResult.Held($"The database is away: {error.Message}");
        }
        return message is null
            ? new SendResult.Refused(SendError.MediaMissing, null)
            : await gateways
                .For(call.Instance)
                .SendAsync(call.Instance, message, cancellationToken);
    }

    /// <summary>An older release would bring a second message: the gateway may be another one than it was.</summary>
    /// <returns>Null = it still takes ids.</returns>
    private async Task<SendResult?> FindDangerAsync(
        Guid tenantId,
        Instance instance,
        CancellationToken cancellationToken
    )
    {
        GatewayRelease release;
        try
        {
            release = await gateways.For(instance).ReadReleaseAsync(instance, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return new SendResult.NotConnected("FlowChat is stopping.", TimeSpan.Zero);
        }
        if (!release.IsTold)
        {
            // It costs an attempt, so that the number's other sends have their turn.
            return new SendResult.Unknown("The gateway doesn't tell its release.");
        }
        if (OwnMessageId.IsTakenBy(release.Version))
        {
            return null;
        }
        var learn = new LearnRelease(instance.Id, release);
        try
        {
            await writer.WriteAsync(tenantId, learn, CancellationToken.None);
        }
        catch (StorageUnavailableException error)
        {
            return new SendResult.Held($"The database is away: {error.Message}");
        }
        return new SendResult.Unknown("The gateway takes no ids of messages any more.")
        {
            IsLast = true,
        };
    }
}
