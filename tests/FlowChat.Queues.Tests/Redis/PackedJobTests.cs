using FlowChat.Queues.Redis;

namespace FlowChat.Queues.Tests.Redis;

public sealed class PackedJobTests
{
    private static readonly DateTimeOffset Time = DateTimeOffset
        .UnixEpoch.AddYears(60)
        .AddTicks(10);

    // Stamps count 16 microseconds.
    private static readonly DateTimeOffset Added = DateTimeOffset.UnixEpoch.AddTicks(160L << 40);

    public static TheoryData<bool, bool, bool, bool> Combinations()
    {
        var data = new TheoryData<bool, bool, bool, bool>();
        for (var n = 0; n < 16; n++)
            data.Add((n & 1) != 0, (n & 2) != 0, (n & 4) != 0, (n & 8) != 0);
        return data;
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public void What_is_packed_is_read_again(bool tenant, bool dates, bool texts, bool tried)
    {
        var job = new Job
        {
            Queue = "work",
            TenantId = tenant ? Guid.CreateVersion7() : Guid.Empty,
            Payload = "{\"a\":1}"u8.ToArray(),
            DueAt = dates ? Time : null,
            ExpiresAt = dates ? Time.AddDays(1) : null,
            Lane = texts ? "é" : null,
            LimitKey = texts ? "" : null,
            TraceParent = texts ? "00-trace" : null,
        };
        var packed = Packed(job);
        if (tried)
            packed = PackedJob.Read(
                packed.WithAttempt(PackedErrors.Append(default, 7, 1, "no"), "work")
            );

        var of = packed.Texts();
        var read = packed.ToJob("work", of);

        Assert.Equal(tried ? job with { DueAt = null } : job, read with { Payload = job.Payload });
        Assert.Equal(job.Payload.ToArray(), read.Payload.ToArray());
        Assert.Equal(tried ? 1 : 0, packed.Attempts);
        Assert.Equal(
            tried ? [new JobError(RedisTime.ToDate(7), 1, "no")] : [],
            PackedErrors.Read(of.Errors)
        );
        Assert.Equal(tenant ? 32 : 16, packed.Member.Length);
        Assert.Equal(Added, packed.EnqueuedAt);
    }

    [Fact]
    public void What_expires_first_is_due_then()
    {
        var job = new Job
        {
            Queue = "work",
            Payload = "{}"u8.ToArray(),
            DueAt = Time.AddDays(1),
            ExpiresAt = Time,
        };
        Assert.Equal(RedisTime.ToMicros(Time), Packed(job).DueMicros);
    }

    [Fact]
    public void The_last_ten_errors_are_kept()
    {
        ReadOnlyMemory<byte> errors = default;
        for (var n = 1; n <= 12; n++)
            errors = PackedErrors.Append(errors, n, n, new string('x', 5000));

        var read = PackedErrors.Read(errors);

        Assert.Equal(Enumerable.Range(3, 10), read.Select(error => error.Attempt));
        Assert.All(read, error => Assert.Equal(4000, error.Error.Length));
    }

    // By way of its stamped form.
    private static PackedJob Packed(Job job)
    {
        var packed = new byte[PackedJob.LengthOf(job, trace: null)];
        PackedJob.Write(packed, job, trace: null);
        Assert.True(PackedJob.TryRead(packed, RedisTime.ToMicros(Added), out var read));
        return PackedJob.Read(read.Stamped);
    }
}
