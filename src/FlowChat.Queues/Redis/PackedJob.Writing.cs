using System.Buffers.Binary;
using System.Text;

namespace FlowChat.Queues.Redis;

internal readonly partial struct PackedJob
{
    private static byte[] Pack(Job job, PackedTexts of, int attempts, long enqueued = 0)
    {
        // What expires is due then at the latest.
        var due = job.ExpiresAt < job.DueAt ? job.ExpiresAt : job.DueAt;
        var set = FlagsOf(job, due, attempts, of);
        var packed = GC.AllocateUninitializedArray<byte>(LengthOf(set, of) + job.Payload.Length);
        BinaryPrimitives.WriteInt64BigEndian(packed, enqueued);
        packed[StampLength] = (byte)set;
        job.Id.TryWriteBytes(packed.AsSpan(IdAt), bigEndian: true, out _);
        var rest = packed.AsSpan(TenantAt);
        if (set.HasFlag(Flags.Tenant))
        {
            job.TenantId.TryWriteBytes(rest, bigEndian: true, out _);
            rest = rest[16..];
        }
        if (attempts > 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)attempts);
            rest = rest[2..];
        }
        rest = Write(rest, due);
        rest = Write(rest, job.ExpiresAt);
        rest = Write(rest, of);
        job.Payload.Span.CopyTo(rest);
        return packed;
    }

    private static Flags FlagsOf(Job job, DateTimeOffset? due, int attempts, PackedTexts of) =>
        (job.TenantId != Guid.Empty ? Flags.Tenant : Flags.None)
        | (attempts > 0 ? Flags.Attempts : Flags.None)
        | (of.TraceParent is not null ? Flags.Trace : Flags.None)
        | (of.Errors.IsEmpty ? Flags.None : Flags.Errors)
        | (job.ExpiresAt is not null ? Flags.Expires : Flags.None)
        | (of.Lane is not null ? Flags.Lane : Flags.None)
        | (due is not null ? Flags.Due : Flags.None)
        | (of.LimitKey is not null ? Flags.Key : Flags.None);

    private static int LengthOf(Flags set, PackedTexts of) =>
        TenantAt
        + (set.HasFlag(Flags.Tenant) ? 16 : 0)
        + (set.HasFlag(Flags.Attempts) ? 2 : 0)
        + (set.HasFlag(Flags.Due) ? 8 : 0)
        + (set.HasFlag(Flags.Expires) ? 8 : 0)
        + LengthOf(of.Lane)
        + LengthOf(of.LimitKey)
        + LengthOf(of.TraceParent)
        + (of.Errors.IsEmpty ? 0 : 4 + of.Errors.Length);

    private static int LengthOf(string? text) =>
        text is null ? 0 : 2 + Encoding.UTF8.GetByteCount(text);

    private static Span<byte> Write(Span<byte> rest, PackedTexts of)
    {
        rest = Write(rest, of.Lane);
        rest = Write(rest, of.LimitKey);
        rest = Write(rest, of.TraceParent);
        if (of.Errors.IsEmpty)
            return rest;
        BinaryPrimitives.WriteInt32BigEndian(rest, of.Errors.Length);
        of.Errors.Span.CopyTo(rest[4..]);
        return rest[(4 + of.Errors.Length)..];
    }

    private static Span<byte> Write(Span<byte> rest, DateTimeOffset? date)
    {
        if (date is not { } value)
            return rest;
        BinaryPrimitives.WriteInt64BigEndian(rest, RedisTime.ToMicros(value));
        return rest[8..];
    }

    private static Span<byte> Write(Span<byte> rest, string? text)
    {
        if (text is null)
            return rest;
        var length = Encoding.UTF8.GetBytes(text, rest[2..]);
        BinaryPrimitives.WriteUInt16BigEndian(rest, checked((ushort)length));
        return rest[(2 + length)..];
    }
}
