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
    private const int OwnStamp = 0x8000,
        MostJobs = 16;

    private readonly ulong micros;

    // The bits of the jobs whose outcomes were brought to the server, whether or not it answered.
    private int brought;

    private RedisEntry(ReadOnlyMemory<byte> id, int partition, EntryStream stream, string worker)
    {
        Partition = partition;
        Id = id;
        Stream = stream;
        Worker = worker;
        if (!Utf8Parser.TryParse(id.Span, out micros, out var read))
            throw new FormatException("Redis answered an entry without an id.");
        Size = Utf8Parser.TryParse(id.Span[(read + 1)..], out int size, out _) ? size : 0;
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
    /// <param name="granted">How many of the jobs may begin.</param>
    public static ReadJobs ReadAll(RedisReply reply, RedisQueue queue, string worker, int granted)
    {
        var read = new ReadJobs([], granted, [], []);
        var claims = read.Jobs;
        var streams = reply.Items;
        if (reply.Kind == RedisKind.Map)
            for (var n = 0; n < streams.Length; n += 2)
                Add(queue.StreamOf(streams[n].Bytes.Span), streams[n + 1]);
        else
            foreach (var stream in streams)
                Add(queue.StreamOf(stream[0].Bytes.Span), stream[1]);
        return read;

        void Add(EntryStream stream, RedisReply entries)
        {
            foreach (var entry in entries.Items)
            {
                var ours = new RedisEntry(entry[0].Bytes, queue.Partition, stream, worker);
                var before = claims.Count;
                if (ours.TryAddJobs(entry[1], claims))
                    continue;
                claims.RemoveRange(before, claims.Count - before);
                if (stream == EntryStream.Front && ours.IsMark(entry[1]))
                    read.Marks.Add(ours.Id);
                else
                    read.Others.Add(new OtherEntry(stream, entry));
            }
        }
    }

    // As is_mark in prelude.lua.
    private bool IsMark(RedisReply fields) =>
        Size == 0
        && fields.Count == 2
        && Ascii.Equals(fields[0].Bytes.Span, "j")
        && fields[1].Bytes.IsEmpty;

    // As jobs_of in prelude.lua: any program may write to a stream.
    private bool TryAddJobs(RedisReply fields, List<RedisClaim> claims)
    {
        if (
            Size is < 1 or > MostJobs
            || micros > long.MaxValue
            || !RedisTime.IsDate((long)micros)
            || fields.Count != 2
            || !Ascii.Equals(fields[0].Bytes.Span, "j")
        )
            return false;
        var value = fields[1].Bytes;
        if (Size > 1)
            return TryAddJobs(value, claims);
        if (!PackedJob.TryRead(value, out var only))
            return false;
        claims.Add(new RedisClaim(this, 0, only));
        return true;
    }

    private bool TryAddJobs(ReadOnlyMemory<byte> value, List<RedisClaim> claims)
    {
        for (var index = 0; index < Size; index++)
        {
            if (value.Length < 2)
                return false;
            var length = BinaryPrimitives.ReadUInt16BigEndian(value.Span);
            var own = length >= OwnStamp;
            var end = 2 + (own ? length - OwnStamp : length);
            if (end > value.Length)
                return false;
            var bytes = value[2..end];
            var isJob = own
                ? PackedJob.TryRead(bytes, out var job)
                : PackedJob.TryRead(bytes, (long)micros, out job);
            if (!isJob)
                return false;
            claims.Add(new RedisClaim(this, index, job));
            value = value[end..];
        }
        return value.IsEmpty;
    }
}
