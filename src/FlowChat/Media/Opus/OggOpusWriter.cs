using System.Buffers;
using System.Buffers.Binary;

namespace FlowChat.Media.Opus;

/// <summary>Writes Opus packets as an Ogg file (RFC 3533, RFC 7845), a page for about a second.</summary>
internal sealed class OggOpusWriter(Stream ogg)
{
    private const int HeadBytes = 27,
        MostSegments = 255;

    // One stream in the file: any number does, and the same file has the same bytes.
    private const uint Serial = 0x464C4F57;

    private const byte First = 2,
        Last = 4;

    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(CrcOf)];

    private readonly List<byte> _segments = [];
    private readonly ArrayBufferWriter<byte> _packets = new();
    private uint _page;
    private long _samples;
    private long _samplesBefore;

    public bool HasHead { get; private set; }

    public async ValueTask WriteHeadAsync(byte[] head, CancellationToken cancellationToken)
    {
        HasHead = true;
        Put(head);
        await FlushAsync(First, granule: 0, cancellationToken);
        Put([.. "OpusTags"u8, 8, 0, 0, 0, .. "FlowChat"u8, 0, 0, 0, 0]);
        await FlushAsync(flags: 0, granule: 0, cancellationToken);
    }

    public async ValueTask AddAsync(byte[] packet, CancellationToken cancellationToken)
    {
        var samples = OpusPacket.SamplesOf(packet);
        // Before the next packet: the last page is marked.
        if (
            _segments.Count > 0
            && (
                _segments.Count + packet.Length / 255 + 1 > MostSegments
                || _samples - _samplesBefore >= OpusPacket.SamplesPerSecond
            )
        )
        {
            await FlushAsync(flags: 0, _samples, cancellationToken);
            _samplesBefore = _samples;
        }
        Put(packet);
        _samples += samples;
    }

    /// <param name="padding">Samples at the end that aren't meant to be heard.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public ValueTask FinishAsync(int padding, CancellationToken cancellationToken) =>
        FlushAsync(Last, Math.Max(_samplesBefore, _samples - padding), cancellationToken);

    // A length of 255 goes on in the next segment, so a packet always ends with less.
    private void Put(byte[] packet)
    {
        _segments.AddRange(Enumerable.Repeat((byte)255, packet.Length / 255));
        _segments.Add((byte)(packet.Length % 255));
        _packets.Write(packet);
    }

    private async ValueTask FlushAsync(
        byte flags,
        long granule,
        CancellationToken cancellationToken
    )
    {
        var page = new byte[HeadBytes + _segments.Count + _packets.WrittenCount];
        "OggS"u8.CopyTo(page);
        page[5] = flags;
        BinaryPrimitives.WriteInt64LittleEndian(page.AsSpan(6), granule);
        BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(14), Serial);
        BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(18), _page++);
        page[26] = (byte)_segments.Count;
        _segments.CopyTo(page, HeadBytes);
        _packets.WrittenSpan.CopyTo(page.AsSpan(HeadBytes + _segments.Count));
        BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(22), Checksum(page));
        _segments.Clear();
        _packets.ResetWrittenCount();
        await ogg.WriteAsync(page, cancellationToken);
    }

    private static uint Checksum(ReadOnlySpan<byte> page)
    {
        var crc = 0u;
        foreach (var b in page)
        {
            crc = (crc << 8) ^ CrcTable[(byte)(crc >> 24) ^ b];
        }
        return crc;
    }

    private static uint CrcOf(int value)
    {
        var crc = (uint)value << 24;
        for (var bit = 0; bit < 8; bit++)
        {
            crc = (crc << 1) ^ ((crc & 0x80000000) != 0 ? 0x04C11DB7u : 0);
        }
        return crc;
    }
}
