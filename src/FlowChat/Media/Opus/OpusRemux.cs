namespace FlowChat.Media.Opus;

/// <summary>Brings what a browser records, Opus in WebM, into the file that WhatsApp takes, Opus in Ogg: the same packets.</summary>
internal static class OpusRemux
{
    /// <summary>Of the Ogg file; its bytes are the same each time.</summary>
    public static async Task<long> MeasureAsync(Stream webm, CancellationToken cancellationToken)
    {
        await using var ogg = new CountingStream();
        await WriteAsync(webm, ogg, cancellationToken);
        return ogg.Position;
    }

    /// <exception cref="InvalidDataException">The file isn't WebM, or has no Opus.</exception>
    public static async Task WriteAsync(
        Stream webm,
        Stream ogg,
        CancellationToken cancellationToken
    )
    {
        var reader = new WebmOpusReader(webm);
        var writer = new OggOpusWriter(ogg);
        while (await reader.ReadAsync(cancellationToken) is { } packet)
        {
            if (!writer.HasHead)
            {
                await writer.WriteHeadAsync(reader.Head, cancellationToken);
            }
            await writer.AddAsync(packet, cancellationToken);
        }
        if (!writer.HasHead)
        {
            throw new InvalidDataException("The recording is empty.");
        }
        await writer.FinishAsync(reader.Padding, cancellationToken);
    }
}
