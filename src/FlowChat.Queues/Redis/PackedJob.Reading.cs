using System.Buffers.Binary;

namespace FlowChat.Queues.Redis;

internal readonly partial struct PackedJob
{
    /// <summary>What a script answered.</summary>
    public static PackedJob Read(ReadOnlyMemory<byte> stamped) =>
        new(stamped[StampLength..], StampOf(stamped.Span));

    /// <summary>What may be another program's.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> stamped, out PackedJob job)
    {
        job = default;
        return stamped.Length > StampLength
            && TryRead(stamped[StampLength..], StampOf(stamped.Span), out job);
    }

    /// <summary>The same without a stamp of its own.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, long addedMicros, out PackedJob job)
    {
        var isWhole = IsWhole(bytes.Span);
        job = isWhole ? new PackedJob(bytes, addedMicros) : default;
        return isWhole;
    }

    private static long StampOf(ReadOnlySpan<byte> stamped) =>
        MicrosPerStamp
        * (
            ((long)BinaryPrimitives.ReadUInt16BigEndian(stamped) << 32)
            | BinaryPrimitives.ReadUInt32BigEndian(stamped[2..])
        );

    private static bool IsWhole(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < TenantAt)
            return false;
        var set = (Flags)bytes[0];
        var at = TenantAt + (Has(set, Flags.Tenant) ? 16 : 0) + (Has(set, Flags.Attempts) ? 2 : 0);
        foreach (var date in (ReadOnlySpan<Flags>)[Flags.Due, Flags.Expires])
            if (Has(set, date) && !SkipDate(bytes, ref at))
                return false;
        foreach (var text in (ReadOnlySpan<Flags>)[Flags.Lane, Flags.Key, Flags.Trace])
            if (Has(set, text) && !SkipText(bytes, ref at))
                return false;
        return at <= bytes.Length && (!Has(set, Flags.Errors) || HasErrorsAt(bytes, at));
    }

    private static bool SkipDate(ReadOnlySpan<byte> bytes, ref int at)
    {
        var from = at;
        at += 8;
        return at <= bytes.Length
            && RedisTime.IsDate(BinaryPrimitives.ReadInt64BigEndian(bytes[from..]));
    }

    private static bool SkipText(ReadOnlySpan<byte> bytes, ref int at)
    {
        if (at + 2 > bytes.Length)
            return false;
        at += 2 + BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
        return at <= bytes.Length;
    }

    private static bool HasErrorsAt(ReadOnlySpan<byte> bytes, int at)
    {
        if (at + 4 > bytes.Length)
            return false;
        var length = BinaryPrimitives.ReadInt32BigEndian(bytes[at..]);
        at += 4;
        return length >= 0
            && length <= bytes.Length - at
            && PackedErrors.AreWhole(bytes.Slice(at, length));
    }
}
