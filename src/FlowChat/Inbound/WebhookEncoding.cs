using System.IO.Compression;
using System.IO.Pipelines;
using System.Runtime.InteropServices;

namespace FlowChat.Inbound;

/// <summary>Unpacks a body that a proxy or a gateway has compressed, into no more than a plain one may have.</summary>
internal static class WebhookEncoding
{
    /// <returns>Null = the body can't be unpacked, by its coding's name or by its bytes.</returns>
    /// <exception cref="BodyTooLargeException">Unpacked, it is longer than <paramref name="limit"/>.</exception>
    /// <exception cref="BudgetSpentException">Other large bodies hold the memory now.</exception>
    public static async Task<WebhookBody?> TryDecodeAsync(
        string coding,
        ReadOnlyMemory<byte> body,
        long limit,
        ByteBudget budget,
        CancellationToken cancellationToken
    )
    {
        MemoryMarshal.TryGetArray(body, out var bytes);
        using var packed = new MemoryStream(bytes.Array ?? [], bytes.Offset, bytes.Count);
        await using var unpacking = Open(coding, packed);
        if (unpacking is null)
        {
            return null;
        }
        var pipe = PipeReader.Create(unpacking);
        try
        {
            return await WebhookBody.ReadAsync(pipe, limit, budget, cancellationToken);
        }
        catch (Exception error)
            when (error is InvalidDataException or InvalidOperationException or IOException)
        {
            return null;
        }
        finally
        {
            await pipe.CompleteAsync();
        }
    }

    private static Stream? Open(string coding, Stream packed) =>
        coding.Trim().ToLowerInvariant() switch
        {
            "gzip" or "x-gzip" => new GZipStream(packed, CompressionMode.Decompress),
            "deflate" => new ZLibStream(packed, CompressionMode.Decompress),
            "br" => new BrotliStream(packed, CompressionMode.Decompress),
            _ => null,
        };
}
