using System.Numerics;

namespace FlowChat.Media.Opus;

/// <summary>Reads the elements of an EBML file one after the other (RFC 8794).</summary>
internal sealed class EbmlReader(Stream stream)
{
    /// <summary>Written by who doesn't know yet how much will follow.</summary>
    public const long UnknownSize = -1;

    private readonly byte[] _buffer = new byte[16_384];
    private int _at;
    private int _filled;

    /// <returns>The id and the size of the next element's content; null = the file ends.</returns>
    public async ValueTask<(uint Id, long Size)?> ReadElementAsync(
        CancellationToken cancellationToken
    )
    {
        if (_at == _filled && !await FillAsync(cancellationToken))
        {
            return null;
        }
        var id = await ReadNumberAsync(most: 4, keepsMark: true, cancellationToken);
        var size = await ReadNumberAsync(most: 8, keepsMark: false, cancellationToken);
        return ((uint)id, (long)size);
    }

    public async ValueTask<byte[]> ReadBytesAsync(
        long size,
        int most,
        CancellationToken cancellationToken
    )
    {
        if (size < 0 || size > most)
        {
            throw new InvalidDataException("An element of the recording is too large.");
        }
        var bytes = new byte[size];
        for (var read = 0; read < bytes.Length; )
        {
            await RequireAsync(cancellationToken);
            var piece = Math.Min(bytes.Length - read, _filled - _at);
            _buffer.AsSpan(_at, piece).CopyTo(bytes.AsSpan(read));
            (_at, read) = (_at + piece, read + piece);
        }
        return bytes;
    }

    public async ValueTask SkipAsync(long size, CancellationToken cancellationToken)
    {
        if (size < 0)
        {
            throw new InvalidDataException("An element of the recording has no end.");
        }
        while (size > 0)
        {
            await RequireAsync(cancellationToken);
            var piece = (int)Math.Min(size, _filled - _at);
            (_at, size) = (_at + piece, size - piece);
        }
    }

    // The first byte's leading zeros tell how many follow; all ones is a size that isn't known.
    private async ValueTask<ulong> ReadNumberAsync(
        int most,
        bool keepsMark,
        CancellationToken cancellationToken
    )
    {
        await RequireAsync(cancellationToken);
        var first = _buffer[_at++];
        var length = BitOperations.LeadingZeroCount((uint)first) - 23;
        if (length > most)
        {
            throw new InvalidDataException("The recording isn't a WebM file.");
        }
        ulong value = keepsMark ? first : first & (0xFFu >> length);
        for (var n = 1; n < length; n++)
        {
            await RequireAsync(cancellationToken);
            value = (value << 8) | _buffer[_at++];
        }
        return !keepsMark && value == (1UL << (7 * length)) - 1
            ? unchecked((ulong)UnknownSize)
            : value;
    }

    private async ValueTask RequireAsync(CancellationToken cancellationToken)
    {
        if (_at == _filled && !await FillAsync(cancellationToken))
        {
            throw new InvalidDataException("The recording is cut off.");
        }
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        _at = 0;
        _filled = await stream.ReadAsync(_buffer, cancellationToken);
        return _filled > 0;
    }
}
