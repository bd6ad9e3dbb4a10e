namespace FlowChat.Media.Opus;

/// <summary>What a packet's first bytes tell (RFC 6716, 3.1).</summary>
internal static class OpusPacket
{
    public const int SamplesPerSecond = 48_000;

    private static readonly int[] Silk = [480, 960, 1_920, 2_880];
    private static readonly int[] Hybrid = [480, 960];
    private static readonly int[] Celt = [120, 240, 480, 960];

    /// <summary>How long it sounds, in samples at 48 kHz.</summary>
    /// <exception cref="InvalidDataException">It isn't one.</exception>
    public static int SamplesOf(ReadOnlySpan<byte> packet)
    {
        if (packet.IsEmpty)
        {
            throw new InvalidDataException("A packet of the recording is empty.");
        }
        var config = packet[0] >> 3;
        var frame =
            config < 12 ? Silk[config & 3]
            : config < 16 ? Hybrid[config & 1]
            : Celt[config & 3];
        return frame
            * (packet[0] & 3) switch
            {
                0 => 1,
                1 or 2 => 2,
                _ => packet.Length > 1
                    ? packet[1] & 0x3F
                    : throw new InvalidDataException("A packet of the recording is cut off."),
            };
    }
}
