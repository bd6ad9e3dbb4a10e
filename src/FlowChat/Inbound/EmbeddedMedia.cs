using FlowChat.Media;
using FlowChat.Media.Store;
using FlowChat.Storage;
using Npgsql;

namespace FlowChat.Inbound;

/// <summary>Writes a message whose medium came with its webhook: the bytes are in the store before the row that names them.</summary>
internal sealed partial class EmbeddedMedia(
    MediaSpool spool,
    MediaLibrary library,
    TenantWriter writer,
    MediaStoreAlarm alarm,
    ILogger<EmbeddedMedia> logger
)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <exception cref="StorageUnavailableException">Nothing is committed: the gateway shall send it again.</exception>
    public async Task<Received> ReceiveAsync(
        Guid tenantId,
        InboundMessage message,
        Stream bytes,
        CancellationToken cancellationToken
    )
    {
        var (received, sha256) = await WriteAsync(tenantId, message, bytes, cancellationToken);
        if (received == Received.Duplicate && sha256 is not null)
        {
            await RemoveAsync(tenantId, sha256, cancellationToken);
        }
        return received;
    }

    private async Task<(Received Received, string? Sha256)> WriteAsync(
        Guid tenantId,
        InboundMessage message,
        Stream bytes,
        CancellationToken cancellationToken
    )
    {
        await using var hold = await TryKeepAsync(tenantId, bytes, cancellationToken);
        var kept = hold is null
            ? message
            : message with
            {
                Media = message.Media! with { Sha256 = hold.Sha256 },
            };
        return (
            await writer.WriteAsync(tenantId, new ReceiveMessage(kept), cancellationToken),
            hold?.Sha256
        );
    }

    /// <returns>Null = the message is written without them: its job asks the gateway, and says what it finds.</returns>
    private async Task<MediaHold?> TryKeepAsync(
        Guid tenantId,
        Stream bytes,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using var file = await spool.WriteAsync(bytes, Patience, cancellationToken);
            return await library.KeepAsync(tenantId, file, cancellationToken);
        }
        catch (NpgsqlException error)
        {
            throw new StorageUnavailableException("The database is away.", error);
        }
        catch (MediaStoreException error)
        {
            alarm.Raise(error);
            return null;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            Log.NotKept(logger, error);
            return null;
        }
    }

    /// <summary>What this leaves takes room and does no harm; the answer stays what it is.</summary>
    private async Task RemoveAsync(
        Guid tenantId,
        string sha256,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await library.RemoveUnnamedAsync(tenantId, sha256, cancellationToken);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            Log.NotRemoved(logger, error, sha256);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "The bytes of a webhook can't be kept: its medium is asked of the gateway"
        )]
        public static partial void NotKept(ILogger logger, Exception error);

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "The bytes of a repeated webhook are left in the store as {Sha256}"
        )]
        public static partial void NotRemoved(ILogger logger, Exception error, string sha256);
    }
}
