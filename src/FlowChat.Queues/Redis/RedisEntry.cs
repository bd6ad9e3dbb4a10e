using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using FlowChat.Queues.Redis.Resp;

namespace FlowChat.Queues.Redis;

/// <summary>Where an entry is, by settle.lua's numbers.</summary>
internal enum EntryStream : byte
{
    Main = 1,
    Rescued = 2,
    Front = 3,
}

/// <summary>One entry that a worker was given; prelude.lua says what shares one. Its id is the fence of its jobs.</summary>
internal sealed class RedisEntry
{
    // As in prelude.lua.
    private const int OwnStamp = 0x8000;

    private readonly ulong micros;

    // The bits of the jobs whose outcomes were brought to the server, whether or not it answered.
    private int brought;

    private RedisEntry(ReadOnlyMemory<byte> id, int partition, EntryStream stream, string worker)
    {
        Partition = partition;
        Id = id;
        Stream = stream;
        Worker = worker;
        if (
            !Utf8Parser.TryParse(id.Span, out micros, out var read)
            || !Utf8Parser.TryParse(id.Span[(read + 1)..], out int size, out _)
        )
            throw new FormatException("Redis answered an entry without an id.");
        Size = size;
    }

    public ReadOnlyMemory<byte> Id { get; }

    /// <summary>Which of its queue's.</summary>
    public int Partition { get; }

    public EntryStream Stream { get; }

    public string Worker { get; }

    /// <summary>How many jobs it was made with.</summary>
    public int Size { get; }

    public string Text => Encoding.ASCII.GetString(Id.Span);

    /// <summary>When it was added.</summary>
    public DateTimeOffset AddedAt => RedisTime.ToDate((long)micros);

    /// <returns>Whether these are all of its jobs, and none was brought before.</returns>
    public bool Bring(int bits) =>
        Interlocked.Or(ref brought, bits) == 0 && bits == (1 << Size) - 1;

    /// <summary>The fence of one of its jobs: no other claim of any job has the same.</summary>
    public Guid TokenOf(int index)
    {
        Span<byte> token = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(token, micros);
        BinaryPrimitives.WriteInt64BigEndian(token[8..], index);
        token[0] = (byte)((Partition << 2) | (int)Stream);
        return new Guid(token, bigEndian: true);
    }

    /// <summary>The jobs that XREADGROUP answered.</summary>
    /// <param name="reply">Names of streams and their entries: RESP3 answers a map, RESP2 and scripts a list of pairs.</param>
    /// <param name="queue">Whose streams these are.</param>
    /// <param name="worker">Who read.</param>
    public static List<RedisClaim> ReadAll(RedisReply reply, RedisQueue queue, string worker)
    {
        var claims = new List<RedisClaim>();
        var streams = reply.Items;
        if (reply.Kind == RedisKind.Map)
            for (var n = 0; n < streams.Length; n += 2)
                Add(queue.StreamOf(streams[n].Bytes.Span), streams[n + 1]);
        else
            foreach (var stream in streams)
                Add(queue.StreamOf(stream[0].Bytes.Span), stream[1]);
        return claims;

        void Add(EntryStream stream, RedisReply entries)
        {
            foreach (var entry in entries.Items)
                new RedisEntry(entry[0].Bytes, queue.Partition, stream, worker).AddJobs(
                    entry[1][1].Bytes,
                    claims
                );
        }
    }

    private void AddJobs(ReadOnlyMemory<byte> value, List<RedisClaim> claims)
    {
        if (Size == 1)
        {
            claims.Add(new RedisClaim(this, 0, PackedJob.Read(value)));
            return;
        }
        for (var index = 0; index < Size; index++)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(value.Span);
            var own = length >= OwnStamp;
            var job = value.Slice(2, own ? length - OwnStamp : length);
            claims.Add(
                new RedisClaim(
                    this,
                    index,
                    own ? PackedJob.Read(job) : PackedJob.Read(job, (long)micros)
                )
            );
            value = value[(2 + job.Length)..];
        }
    }
}
