using System.Buffers.Binary;
using System.Text;

namespace FlowChat.Media.Opus;

/// <summary>The Opus packets of a WebM file, in their order.</summary>
internal sealed class WebmOpusReader(Stream webm)
{
    // Their content is more elements, read as if there were no levels: sizes that aren't known do no harm.
    private const uint Segment = 0x18538067,
        Cluster = 0x1F43B675,
        Tracks = 0x1654AE6B,
        TrackEntry = 0xAE,
        BlockGroup = 0xA0;

    private const uint TrackNumber = 0xD7,
        CodecId = 0x86,
        CodecPrivate = 0x63A2,
        ContentEncodings = 0x6D80,
        SimpleBlock = 0xA3,
        Block = 0xA1,
        DiscardPadding = 0x75A2;

    private const int MostPacketBytes = 61_440;
    private const int MostHeadBytes = 1_024;

    private readonly EbmlReader _file = new(webm);
    private readonly List<Track> _tracks = [];
    private Track? _opus;

    /// <summary>OpusHead, once a packet was read.</summary>
    public byte[] Head => _opus!.Head!;

    /// <summary>Samples at the end of the last packet that aren't meant to be heard.</summary>
    public int Padding { get; private set; }

    /// <returns>Null = there are no more.</returns>
    /// <exception cref="InvalidDataException">The file isn't WebM, or has no Opus.</exception>
    public async ValueTask<byte[]?> ReadAsync(CancellationToken cancellationToken)
    {
        while (await _file.ReadElementAsync(cancellationToken) is var (id, size))
        {
            switch (id)
            {
                case Segment or Cluster or Tracks or BlockGroup:
                    break;
                case TrackEntry:
                    _tracks.Add(new());
                    break;
                case TrackNumber
                or CodecId
                or CodecPrivate
                or ContentEncodings when _tracks is [.., var track]:
                    track.Set(
                        id,
                        await _file.ReadBytesAsync(size, MostHeadBytes, cancellationToken)
                    );
                    break;
                case SimpleBlock or Block:
                    var block = await _file.ReadBytesAsync(
                        size,
                        MostPacketBytes,
                        cancellationToken
                    );
                    if (PacketOf(block) is { } packet)
                    {
                        return packet;
                    }
                    break;
                case DiscardPadding:
                    Padding = SamplesOf(await _file.ReadBytesAsync(size, 8, cancellationToken));
                    break;
                default:
                    await _file.SkipAsync(size, cancellationToken);
                    break;
            }
        }
        return null;
    }

    // Its track, the time, flags.
    private byte[]? PacketOf(byte[] block)
    {
        _opus ??=
            _tracks.Find(track => track.IsOpus)
            ?? throw new InvalidDataException("The recording has no Opus that can be read.");
        const int HeadBytes = 4;
        if (block.Length <= HeadBytes || (block[0] & 0x80) == 0)
        {
            throw new InvalidDataException("A block of the recording can't be read.");
        }
        if ((block[0] & 0x7F) != _opus.Number)
        {
            return null;
        }
        Padding = 0;
        // Browsers put one packet in a block.
        return (block[3] & 0x06) == 0
            ? block[HeadBytes..]
            : throw new InvalidDataException("The recording's packets are laced.");
    }

    private static int SamplesOf(byte[] nanoseconds)
    {
        var value = 0L;
        foreach (var b in nanoseconds)
        {
            value = (value << 8) | b;
        }
        return (int)Math.Clamp(value / (1_000_000_000 / OpusPacket.SamplesPerSecond), 0, 5_760);
    }

    private sealed class Track
    {
        private string _codec = "";
        private bool _isEncoded;

        public int Number { get; private set; }
        public byte[]? Head { get; private set; }

        public bool IsOpus => _codec == "A_OPUS" && !_isEncoded && IsHead(Head);

        public void Set(uint id, byte[] value)
        {
            switch (id)
            {
                case TrackNumber:
                    Number = value is [.., var last] ? last : 0;
                    break;
                case CodecId:
                    _codec = Encoding.ASCII.GetString(value).TrimEnd('\0');
                    break;
                case CodecPrivate:
                    Head = value;
                    break;
                default:
                    _isEncoded = true;
                    break;
            }
        }

        private static bool IsHead(byte[]? head) =>
            head is { Length: >= 19 }
            && head.AsSpan().StartsWith("OpusHead"u8)
            && BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(10))
                < OpusPacket.SamplesPerSecond;
    }
}
