namespace FlowChat.Testing.Otlp;

/// <summary>As much of protobuf's wire format as reading OTLP takes.</summary>
internal static class Protobuf
{
    /// <summary>The texts, bytes and messages of a field.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Read(ReadOnlyMemory<byte> message, int field) =>
        Fields(message)
            .Where(one => one.Field == field && one.Bytes is not null)
            .Select(one => one.Bytes!.Value);

    public static long ReadNumber(ReadOnlyMemory<byte> message, int field) =>
        Fields(message).FirstOrDefault(one => one.Field == field).Number;

    private static IEnumerable<(int Field, ReadOnlyMemory<byte>? Bytes, long Number)> Fields(
        ReadOnlyMemory<byte> message
    )
    {
        for (var at = 0; at < message.Length; )
        {
            var tag = Varint(message.Span, ref at);
            var field = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    yield return (field, null, Varint(message.Span, ref at));
                    break;
                case 1:
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(message.Span, ref at);
                    yield return (field, message.Slice(at, length), 0);
                    at += length;
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"Field {field} has wire type {tag & 7}.");
            }
        }
    }

    private static long Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        var value = 0L;
        for (var shift = 0; ; shift += 7)
        {
            var part = bytes[at++];
            value |= (long)(part & 0x7f) << shift;
            if (part < 0x80)
                return value;
        }
    }
}
