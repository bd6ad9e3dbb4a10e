using System.Buffers.Binary;
using System.Text;

namespace FlowChat.Queues.Redis;

/// <summary>A job as one string of bytes; prelude.lua says how, and reads what it needs of it.</summary>
internal readonly partial struct PackedJob
{
    private const int StampLength = 6,
        MicrosPerStamp = 16,
        IdAt = 1,
        TenantAt = IdAt + 16;

    private readonly ReadOnlyMemory<byte> bytes;
    private readonly Flags flags;
    private readonly int attempts;
    private readonly int texts;
    private readonly long added;

    private PackedJob(ReadOnlyMemory<byte> bytes, long added)
    {
        this.bytes = bytes;
        this.added = added;
        var span = bytes.Span;
        flags = (Flags)span[0];
        var at = TenantAt;
        if (Has(Flags.Tenant))
            at += 16;
        if (Has(Flags.Attempts))
        {
            attempts = BinaryPrimitives.ReadUInt16BigEndian(span[at..]);
            at += 2;
        }
        if (Has(Flags.Due))
            DueMicros = Micros(ref at);
        if (Has(Flags.Expires))
            ExpiresMicros = Micros(ref at);
        texts = at;
    }

    [Flags]
    private enum Flags : byte
    {
        None = 0,
        Tenant = 1,
        Attempts = 2,
        Trace = 4,
        Errors = 8,
        Expires = 16,
        Lane = 32,
        Due = 64,
        Key = 128,
    }

    /// <summary>With the time at which it was added, as scripts take it.</summary>
    public byte[] Stamped => StampedUpTo(bytes.Length);

    /// <summary>All that scripts read of it.</summary>
    public byte[] Head
    {
        get
        {
            var at = texts;
            if (HasLane)
                Text(ref at);
            if (HasKey)
                Text(ref at);
            return StampedUpTo(at);
        }
    }

    /// <summary>The id in the set of living ids.</summary>
    public ReadOnlyMemory<byte> Member => MemberOf(bytes);

    public Guid Id => new(bytes.Span.Slice(IdAt, 16), bigEndian: true);

    public Guid TenantId =>
        Has(Flags.Tenant) ? new(bytes.Span.Slice(TenantAt, 16), bigEndian: true) : Guid.Empty;

    /// <summary>Runs that counted.</summary>
    public int Attempts => attempts;

    public DateTimeOffset EnqueuedAt => RedisTime.ToDate(added);

    public long? DueMicros { get; }

    public long? ExpiresMicros { get; }

    public bool HasKey => Has(Flags.Key);

    public bool HasLane => Has(Flags.Lane);

    /// <summary>The lane as scripts name it, within its tenant; empty for none.</summary>
    public ReadOnlyMemory<byte> ScopedLane => HasLane ? Scoped(texts) : default;

    /// <summary>The limit key as scripts name it, within its tenant; empty for none.</summary>
    public ReadOnlyMemory<byte> ScopedKey
    {
        get
        {
            var at = texts;
            if (HasLane)
                Text(ref at);
            return HasKey ? Scoped(at) : default;
        }
    }

    /// <summary>The id in the set of living ids, of a job without its stamp.</summary>
    public static ReadOnlyMemory<byte> MemberOf(ReadOnlyMemory<byte> bytes) =>
        bytes.Slice(IdAt, ((Flags)bytes.Span[0]).HasFlag(Flags.Tenant) ? 32 : 16);

    /// <summary>The same job after one more attempt.</summary>
    public byte[] WithAttempt(ReadOnlyMemory<byte> errors, string queue)
    {
        var of = Texts();
        var again = ToJob(queue, of) with { DueAt = null };
        return new PackedJob(Pack(again, of with { Errors = errors }, attempts + 1), added).Stamped;
    }

    /// <summary>The same job with all its attempts before it, to be stamped by the script that adds it.</summary>
    public ReadOnlyMemory<byte> Anew(Job job) => Pack(job, Texts(), 0);

    public PackedTexts Texts()
    {
        var at = texts;
        return new PackedTexts
        {
            Lane = Has(Flags.Lane) ? Encoding.UTF8.GetString(Text(ref at).Span) : null,
            LimitKey = Has(Flags.Key) ? Encoding.UTF8.GetString(Text(ref at).Span) : null,
            TraceParent = Has(Flags.Trace) ? Encoding.UTF8.GetString(Text(ref at).Span) : null,
            Errors = Has(Flags.Errors) ? Blob(ref at) : default,
            Payload = bytes[at..],
        };
    }

    public Job ToJob(string queue, PackedTexts of) =>
        new()
        {
            Id = Id,
            TenantId = TenantId,
            Queue = queue,
            Payload = of.Payload,
            Lane = of.Lane,
            LimitKey = of.LimitKey,
            DueAt = RedisTime.ToDate(DueMicros),
            ExpiresAt = RedisTime.ToDate(ExpiresMicros),
            TraceParent = of.TraceParent,
        };

    /// <summary>The lane as scripts name it.</summary>
    public static byte[] ScopedLaneOf(Guid tenant, string lane)
    {
        var at = tenant == Guid.Empty ? 0 : 16;
        var scoped = new byte[at + 1 + Encoding.UTF8.GetByteCount(lane)];
        if (at > 0)
            tenant.TryWriteBytes(scoped, bigEndian: true, out _);
        scoped[at] = (byte)'/';
        Encoding.UTF8.GetBytes(lane, scoped.AsSpan(at + 1));
        return scoped;
    }

    private byte[] StampedUpTo(int length)
    {
        var stamped = GC.AllocateUninitializedArray<byte>(StampLength + length);
        var stamp = added / MicrosPerStamp;
        BinaryPrimitives.WriteUInt16BigEndian(stamped, (ushort)(stamp >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(stamped.AsSpan(2), (uint)stamp);
        bytes.Span[..length].CopyTo(stamped.AsSpan(StampLength));
        return stamped;
    }

    private byte[] Scoped(int at)
    {
        var tenant = Has(Flags.Tenant) ? bytes.Span.Slice(TenantAt, 16) : default;
        return [.. tenant, (byte)'/', .. Text(ref at).Span];
    }

    private bool Has(Flags flag) => Has(flags, flag);

    private static bool Has(Flags set, Flags flag) => (set & flag) == flag;

    private long Micros(ref int at)
    {
        var micros = BinaryPrimitives.ReadInt64BigEndian(bytes.Span[at..]);
        at += 8;
        return micros;
    }

    private ReadOnlyMemory<byte> Text(ref int at)
    {
        var length = BinaryPrimitives.ReadUInt16BigEndian(bytes.Span[at..]);
        var text = bytes.Slice(at + 2, length);
        at += 2 + length;
        return text;
    }

    private ReadOnlyMemory<byte> Blob(ref int at)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(bytes.Span[at..]);
        var blob = bytes.Slice(at + 4, length);
        at += 4 + length;
        return blob;
    }
}

/// <summary>The parts of a job that are as long as they are.</summary>
internal readonly record struct PackedTexts(string? Lane, string? LimitKey, string? TraceParent)
{
    /// <summary>See <see cref="PackedErrors"/>.</summary>
    public ReadOnlyMemory<byte> Errors { get; init; }

    public ReadOnlyMemory<byte> Payload { get; init; }
}
