using FlowChat.Media;
using FlowChat.Media.Store;
using FlowChat.Operations;
using FlowChat.Storage;

namespace FlowChat.Inbound;

/// <summary>Writes a message whose medium came with its webhook: the bytes are in the store before the row that names them.</summary>
internal sealed class EmbeddedMedia(
    MediaSpool spool,
    MediaLibrary library,
    TenantWriter writer,
    Alarms alarms
)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public async Task<Received> ReceiveAsync(
        Guid tenantId,
        InboundMessage message,
        Stream bytes,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using var file = await spool.WriteAsync(bytes, Patience, cancellationToken);
            var received = await ReceiveAsync(tenantId, message, file, cancellationToken);
            if (received == Received.Duplicate)
            {
                await library.RemoveUnnamedAsync(tenantId, file.Sha256, cancellationToken);
            }
            return received;
        }
        catch (MediaStoreException error)
        {
            alarms.Raise("media_store", error.Message);
        }
        catch (Exception error) when (error is MediaTooLargeException or InvalidDataException)
        {
            // Its job asks the gateway, and says what it finds.
        }
        return await writer.WriteAsync(tenantId, new ReceiveMessage(message), cancellationToken);
    }

    private async Task<Received> ReceiveAsync(
        Guid tenantId,
        InboundMessage message,
        SpooledFile file,
        CancellationToken cancellationToken
    )
    {
        await using var hold = await library.KeepAsync(tenantId, file, cancellationToken);
        var kept = message with { Media = message.Media! with { Sha256 = hold.Sha256 } };
        return await writer.WriteAsync(tenantId, new ReceiveMessage(kept), cancellationToken);
    }
}
