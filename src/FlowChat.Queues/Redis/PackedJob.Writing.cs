using System.Buffers.Binary;
using System.Text;

namespace FlowChat.Queues.Redis;

internal readonly partial struct PackedJob
{
    /// <summary>How long the job will be.</summary>
    public static int LengthOf(Job job, string? trace)
    {
        var of = TextsOf(job, trace);
        return LengthOf(FlagsOf(job, DueOf(job), 0, of), of) + job.Payload.Length;
    }

    /// <summary>A new job, to be stamped by the script that adds it.</summary>
    public static void Write(Span<byte> target, Job job, string? trace) =>
        Write(target, job, TextsOf(job, trace), 0);

    /// <summary>A job that was never run, and why; to be stamped by the script that buries it.</summary>
    public static byte[] Dead(Job job, DateTimeOffset at, string error) =>
        Pack(
            job,
            TextsOf(job, null) with
            {
                Errors = PackedErrors.Append(default, RedisTime.ToMicros(at), 0, error),
            },
            0
        );

    private static byte[] Pack(Job job, PackedTexts of, int attempts)
    {
        var length = LengthOf(FlagsOf(job, DueOf(job), attempts, of), of) + job.Payload.Length;
        var packed = GC.AllocateUninitializedArray<byte>(length);
        Write(packed, job, of, attempts);
        return packed;
    }

    private static void Write(Span<byte> target, Job job, PackedTexts of, int attempts)
    {
        var due = DueOf(job);
        var set = FlagsOf(job, due, attempts, of);
        target[0] = (byte)set;
        job.Id.TryWriteBytes(target[IdAt..], bigEndian: true, out _);
        var rest = target[TenantAt..];
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
    }

    private static PackedTexts TextsOf(Job job, string? trace) =>
        new(job.Lane, job.LimitKey, job.TraceParent ?? trace);

    // What expires is due then at the latest.
    private static DateTimeOffset? DueOf(Job job) =>
        job.ExpiresAt < job.DueAt ? job.ExpiresAt : job.DueAt;

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
