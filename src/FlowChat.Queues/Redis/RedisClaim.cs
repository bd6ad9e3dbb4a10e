using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using FlowChat.Queues.Redis.Resp;

namespace FlowChat.Queues.Redis;

/// <summary>One entry that a worker was given: what its settle needs again.</summary>
internal sealed class RedisClaim(
    ReadOnlyMemory<byte> entry,
    PackedJob job,
    string worker,
    bool isRescued
)
{
    /// <summary>The entry's id, which is the fence.</summary>
    public ReadOnlyMemory<byte> Entry { get; } = entry;

    public string EntryText => Encoding.ASCII.GetString(Entry.Span);

    public PackedJob Job { get; } = job;

    public string Worker { get; } = worker;

    /// <summary>Whether it is an entry of the second stream, which has the jobs of dead workers.</summary>
    public bool IsRescued { get; } = isRescued;

    /// <exception cref="ArgumentException">The lease wasn't given out by a Redis backend.</exception>
    public static RedisClaim Of(JobLease lease) =>
        lease.Receipt as RedisClaim
        ?? throw new ArgumentException("The lease is not of this backend.", nameof(lease));

    /// <param name="entry">Its id, and the field with its value.</param>
    /// <param name="queue">The queue.</param>
    /// <param name="worker">Whose claim it is.</param>
    /// <param name="isRescued">Which stream it is of.</param>
    /// <param name="now">The server's time.</param>
    public static ClaimedJob Read(
        RedisReply entry,
        string queue,
        string worker,
        bool isRescued,
        DateTimeOffset now
    )
    {
        var id = entry[0].Bytes;
        var packed = PackedJob.Read(entry[1][1].Bytes);
        var texts = packed.Texts();
        var enqueued = packed.EnqueuedAt;
        var due =
            packed.Attempts > 0 ? TimeOf(id.Span) : RedisTime.ToDate(packed.DueMicros) ?? enqueued;
        return new ClaimedJob
        {
            Lease = new JobLease(
                packed.TenantId,
                packed.Id,
                queue,
                texts.Lane,
                Token(id.Span, isRescued),
                packed.Attempts + 1
            )
            {
                Receipt = new RedisClaim(id, packed, worker, isRescued),
            },
            Payload = texts.Payload,
            LimitKey = texts.LimitKey,
            Expired = RedisTime.ToDate(packed.ExpiresMicros) <= now,
            EnqueuedAt = enqueued,
            Waited = now > due ? now - due : TimeSpan.Zero,
            TraceParent = texts.TraceParent,
        };
    }

    // A returned job's entry began when it was due again.
    private static DateTimeOffset TimeOf(ReadOnlySpan<byte> entry) =>
        Utf8Parser.TryParse(entry, out long milliseconds, out _)
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : default;

    private static Guid Token(ReadOnlySpan<byte> entry, bool isRescued)
    {
        if (
            !Utf8Parser.TryParse(entry, out ulong milliseconds, out var read)
            || !Utf8Parser.TryParse(entry[(read + 1)..], out ulong sequence, out _)
        )
            throw new FormatException("Redis answered an entry without an id.");
        Span<byte> token = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(token, milliseconds);
        BinaryPrimitives.WriteUInt64BigEndian(token[8..], sequence);
        token[0] = isRescued ? (byte)1 : (byte)0;
        return new Guid(token, bigEndian: true);
    }
}
