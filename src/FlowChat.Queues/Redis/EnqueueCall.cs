using System.Buffers.Binary;
using FlowChat.Queues.Redis.Resp;

namespace FlowChat.Queues.Redis;

/// <summary>New jobs of one queue as enqueue.lua takes them: in entries and by lane, so that it needn't cut and group them.</summary>
internal sealed class EnqueueCall
{
    // As in prelude.lua.
    private const int MostPerEntry = 16,
        MostBytes = 4000,
        LengthBytes = 2;

    private readonly string? trace;
    private readonly int jobs;
    private readonly List<ReadOnlyMemory<byte>> singles = [];
    private readonly List<ReadOnlyMemory<byte>> entries = [];
    private readonly List<byte> sizes = [];
    private readonly List<ReadOnlyMemory<byte>> members = [];
    private readonly Dictionary<(Guid Tenant, string Lane), List<ReadOnlyMemory<byte>>> lanes = [];

    private EnqueueCall(IReadOnlyList<Job> jobs, string? trace)
    {
        this.trace = trace;
        this.jobs = jobs.Count;
        var shared = new Job[MostPerEntry];
        var (count, length) = (0, 0);
        foreach (var job in jobs)
            if (job.Lane is { } lane)
                InLane(job.TenantId, lane).Add(Pack(job, trace));
            else if (!Shares(job))
                singles.Add(Pack(job, trace));
            else
            {
                var more = LengthBytes + PackedJob.LengthOf(job, trace);
                if (count == MostPerEntry || length + more > MostBytes)
                {
                    AddEntry(shared.AsSpan(0, count), length);
                    (count, length) = (0, 0);
                }
                shared[count++] = job;
                length += more;
            }
        AddEntry(shared.AsSpan(0, count), length);
    }

    /// <param name="jobs">Those to add.</param>
    /// <param name="trace">The trace of those that bring none.</param>
    /// <param name="capacity">How many jobs may live; 0 for any number.</param>
    public static RedisValue[] Arguments(IReadOnlyList<Job> jobs, string? trace, int capacity)
    {
        if (jobs is not [{ Lane: null } job])
            return new EnqueueCall(jobs, trace).Arguments(capacity);
        var packed = Pack(job, trace);
        return [capacity, 1, 1, "", "", PackedJob.MemberOf(packed), packed];
    }

    private RedisValue[] Arguments(int capacity)
    {
        var arguments = new List<RedisValue>(5 + 2 * jobs + lanes.Count)
        {
            capacity,
            jobs,
            singles.Count,
            Lengths(),
            sizes.ToArray(),
        };
        AddMembers(arguments, singles);
        foreach (var lane in lanes.Values)
            AddMembers(arguments, lane);
        foreach (var member in members)
            arguments.Add(member);
        AddAll(arguments, singles);
        foreach (var (tenant, lane) in lanes.Keys)
            arguments.Add(PackedJob.ScopedLaneOf(tenant, lane));
        foreach (var lane in lanes.Values)
            AddAll(arguments, lane);
        AddAll(arguments, entries);
        return [.. arguments];
    }

    private static void AddAll(List<RedisValue> arguments, List<ReadOnlyMemory<byte>> values)
    {
        foreach (var value in values)
            arguments.Add(value);
    }

    private static void AddMembers(List<RedisValue> arguments, List<ReadOnlyMemory<byte>> packed)
    {
        foreach (var job in packed)
            arguments.Add(PackedJob.MemberOf(job));
    }

    // Nothing keeps it from being delivered at once, in the company of others.
    private bool Shares(Job job) =>
        job is { LimitKey: null, DueAt: null, ExpiresAt: null }
        && PackedJob.LengthOf(job, trace) <= MostBytes - LengthBytes;

    private List<ReadOnlyMemory<byte>> InLane(Guid tenant, string lane)
    {
        if (!lanes.TryGetValue((tenant, lane), out var waiting))
            lanes.Add((tenant, lane), waiting = []);
        return waiting;
    }

    private byte[] Lengths()
    {
        var lengths = new byte[4 * lanes.Count];
        var at = 0;
        foreach (var lane in lanes.Values)
        {
            BinaryPrimitives.WriteInt32BigEndian(lengths.AsSpan(at), lane.Count);
            at += 4;
        }
        return lengths;
    }

    private static byte[] Pack(Job job, string? trace)
    {
        var packed = GC.AllocateUninitializedArray<byte>(PackedJob.LengthOf(job, trace));
        PackedJob.Write(packed, job, trace);
        return packed;
    }

    private void AddEntry(ReadOnlySpan<Job> shared, int length)
    {
        if (shared.Length == 1)
            singles.Add(Pack(shared[0], trace));
        if (shared.Length < 2)
            return;
        var entry = GC.AllocateUninitializedArray<byte>(length);
        var at = 0;
        foreach (var job in shared)
        {
            var packed = PackedJob.LengthOf(job, trace);
            BinaryPrimitives.WriteUInt16BigEndian(entry.AsSpan(at), (ushort)packed);
            at += LengthBytes;
            PackedJob.Write(entry.AsSpan(at), job, trace);
            members.Add(PackedJob.MemberOf(entry.AsMemory(at)));
            at += packed;
        }
        entries.Add(entry);
        sizes.Add((byte)shared.Length);
    }
}
