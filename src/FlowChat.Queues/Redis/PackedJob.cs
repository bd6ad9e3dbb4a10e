using System.Buffers.Binary;
using System.Text;

namespace FlowChat.Queues.Redis;

/// <summary>A job as one string of bytes; prelude.lua says how, and reads what it needs of it.</summary>
internal readonly partial struct PackedJob
{
    // Scripts put the time at which a job is added before the rest, by the server's clock.
    public const int StampLength = 8;

    private const int IdAt = StampLength + 1,
        TenantAt = IdAt + 16;

    private readonly ReadOnlyMemory<byte> bytes;
    private readonly Flags flags;
    private readonly int attempts;
    private readonly int texts;

    private PackedJob(ReadOnlyMemory<byte> bytes)
    {
        this.bytes = bytes;
        var span = bytes.Span;
        flags = (Flags)span[StampLength];
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

    public ReadOnlyMemory<byte> Bytes => bytes;

    /// <summary>All that scripts read of it.</summary>
    public ReadOnlyMemory<byte> Head
    {
        get
        {
            var at = texts;
            if (HasLane)
                Text(ref at);
            if (HasKey)
                Text(ref at);
            return bytes[..at];
        }
    }

    /// <summary>The id in the set of living ids.</summary>
    public ReadOnlyMemory<byte> Member =>
        bytes[IdAt..(Has(Flags.Tenant) ? TenantAt + 16 : TenantAt)];

    public Guid Id => new(bytes.Span.Slice(IdAt, 16), bigEndian: true);

    public Guid TenantId =>
        Has(Flags.Tenant) ? new(bytes.Span.Slice(TenantAt, 16), bigEndian: true) : Guid.Empty;

    /// <summary>Runs that counted.</summary>
    public int Attempts => attempts;

    public DateTimeOffset EnqueuedAt =>
        RedisTime.ToDate(BinaryPrimitives.ReadInt64BigEndian(bytes.Span));

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

    public static PackedJob Read(ReadOnlyMemory<byte> bytes) => new(bytes);

    /// <summary>A new job, to be stamped by the script that adds it.</summary>
    public static ReadOnlyMemory<byte> Pack(Job job, string? trace) =>
        Pack(job, new PackedTexts(job.Lane, job.LimitKey, job.TraceParent ?? trace), 0)
            .AsMemory(StampLength);

    /// <summary>The same job after one more attempt.</summary>
    public byte[] WithAttempt(ReadOnlyMemory<byte> errors, string queue)
    {
        var of = Texts();
        return Pack(
            ToJob(queue, of) with
            {
                DueAt = null,
            },
            of with
            {
                Errors = errors,
            },
            attempts + 1,
            BinaryPrimitives.ReadInt64BigEndian(bytes.Span)
        );
    }

    /// <summary>The same job with all its attempts before it, to be stamped by the script that adds it.</summary>
    public ReadOnlyMemory<byte> Anew(Job job) => Pack(job, Texts(), 0).AsMemory(StampLength);

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

    private byte[] Scoped(int at)
    {
        var tenant = Has(Flags.Tenant) ? bytes.Span.Slice(TenantAt, 16) : default;
        return [.. tenant, (byte)'/', .. Text(ref at).Span];
    }

    private bool Has(Flags flag) => (flags & flag) == flag;

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
