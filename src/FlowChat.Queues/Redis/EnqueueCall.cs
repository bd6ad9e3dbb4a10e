using System.Buffers;
using System.Buffers.Binary;
using FlowChat.Queues.Redis.Resp;

namespace FlowChat.Queues.Redis;

/// <summary>New jobs of one queue as enqueue.lua takes them: together where they can be, so that it needn't cut or name them.</summary>
internal sealed class EnqueueCall
{
    // As in prelude.lua.
    private const int MostPerEntry = 16,
        MostBytes = 4000,
        LengthBytes = 2,
        BundledLengthBytes = 4;

    private const int MostPerBundle = 100,
        BundleBytes = 8000;

    private readonly string? trace;
    private readonly int jobs;
    private readonly List<ReadOnlyMemory<byte>> singles = [];
    private readonly List<ReadOnlyMemory<byte>> entries = [];
    private readonly List<byte> sizes = [];
    private readonly List<ReadOnlyMemory<byte>> bundles = [];
    private readonly List<ReadOnlyMemory<byte>> members = [];

    private EnqueueCall(IReadOnlyList<Job> jobs, string? trace, int leastForIntake)
    {
        this.trace = trace;
        this.jobs = jobs.Count;
        var shared = new Job[MostPerEntry];
        var (count, length) = (0, 0);
        var toIntake = jobs.Count(job => job.Lane is not null) >= leastForIntake;
        foreach (var job in jobs)
            if (job.Lane is not null && toIntake)
                continue;
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
        if (toIntake)
            AddBundles(jobs.Where(job => job.Lane is not null));
    }

    /// <param name="jobs">Those to add.</param>
    /// <param name="trace">The trace of those that bring none.</param>
    /// <param name="capacity">How many jobs may live; 0 for any number.</param>
    /// <param name="leastForIntake">From how many jobs of lanes on these go to the intake.</param>
    public static RedisValue[] Arguments(
        IReadOnlyList<Job> jobs,
        string? trace,
        int capacity,
        int leastForIntake
    )
    {
        if (jobs is not [var job])
            return new EnqueueCall(jobs, trace, leastForIntake).Arguments(capacity);
        var packed = Pack(job, trace);
        return [capacity, 1, 1, "", PackedJob.MemberOf(packed), packed];
    }

    private RedisValue[] Arguments(int capacity)
    {
        var arguments = new List<RedisValue>(4 + 2 * jobs)
        {
            capacity,
            jobs,
            singles.Count,
            sizes.ToArray(),
        };
        foreach (var single in singles)
            arguments.Add(PackedJob.MemberOf(single));
        AddAll(arguments, members);
        AddAll(arguments, singles);
        AddAll(arguments, entries);
        AddAll(arguments, bundles);
        return [.. arguments];
    }

    private static void AddAll(List<RedisValue> arguments, List<ReadOnlyMemory<byte>> values)
    {
        foreach (var value in values)
            arguments.Add(value);
    }

    // Nothing keeps it from being delivered at once, in the company of others.
    private bool Shares(Job job) =>
        job is { Lane: null, LimitKey: null, DueAt: null, ExpiresAt: null }
        && PackedJob.LengthOf(job, trace) <= MostBytes - LengthBytes;

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
            Write(entry.AsMemory(at), job);
            at += packed;
        }
        entries.Add(entry);
        sizes.Add((byte)shared.Length);
    }

    private void AddBundles(IEnumerable<Job> inLanes)
    {
        var bundle = new ArrayBufferWriter<byte>(BundleBytes);
        var count = 0;
        foreach (var job in inLanes)
        {
            var length = PackedJob.LengthOf(job, trace);
            if (count == MostPerBundle || bundle.WrittenCount + length > BundleBytes)
                End();
            BinaryPrimitives.WriteInt32BigEndian(bundle.GetSpan(BundledLengthBytes), length);
            bundle.Advance(BundledLengthBytes);
            Write(bundle.GetMemory(length), job);
            bundle.Advance(length);
            count++;
        }
        End();

        void End()
        {
            if (count > 0)
                bundles.Add(bundle.WrittenMemory);
            (bundle, count) = (new ArrayBufferWriter<byte>(BundleBytes), 0);
        }
    }

    private void Write(Memory<byte> to, Job job)
    {
        PackedJob.Write(to.Span, job, trace);
        members.Add(PackedJob.MemberOf(to));
    }
}
