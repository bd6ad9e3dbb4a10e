using System.Net;
using System.Net.Sockets;
using FlowChat.Queues.RabbitMq;
using RabbitMQ.Client;

namespace FlowChat.Queues.Tests.RabbitMq;

/// <summary>What RabbitMQ promises without a ledger.</summary>
public sealed class RabbitMqQueueTests(RabbitMqFixture rabbitMq) : IAsyncLifetime
{
    private static readonly CancellationToken Now = new(canceled: true);

    private readonly QueueOptions queue = new() { Name = "work", MaxAttempts = 2 };
    private readonly string prefix = RabbitMqFixture.NewPrefix();
    private RabbitMqQueueBackend backend = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        backend = await rabbitMq.OpenAsync(prefix);
        await backend.PrepareAsync(queue, Ct);
    }

    public ValueTask DisposeAsync() => backend.DisposeAsync();

    [Fact]
    public async Task A_job_comes_with_all_it_carries_and_what_is_done_is_gone()
    {
        var job = NewJob() with { TenantId = Guid.CreateVersion7(), TraceParent = "00-trace" };
        await backend.EnqueueAsync([job], Ct);

        var claimed = Assert.Single(await LookAsync());

        Assert.Equal(
            (job.Id, job.TenantId, 1, "00-trace"),
            (
                claimed.Lease.JobId,
                claimed.Lease.TenantId,
                claimed.Lease.Attempt,
                claimed.TraceParent
            )
        );
        Assert.Equal(job.Payload.ToArray(), claimed.Payload.ToArray());
        Assert.True(await SettleAsync(claimed, JobOutcome.Done));
        await ReopenAsync();
        Assert.Empty(await LookAsync());
    }

    [Fact]
    public async Task What_a_lost_connection_held_comes_again_and_its_late_settle_is_refused()
    {
        await backend.EnqueueAsync([NewJob()], Ct);
        var lost = Assert.Single(await LookAsync());

        var before = backend;
        await ReopenAsync();

        Assert.Equal(2, (await WaitAsync()).Lease.Attempt);
        Assert.Empty(
            await before.SettleAsync([new JobSettlement(lost.Lease, JobOutcome.Done)], Ct)
        );
    }

    [Fact]
    public async Task What_is_added_to_a_queue_that_was_deleted_is_refused_or_there()
    {
        await DeleteAsync("work");
        Job[] jobs = [NewJob(), NewJob(), NewJob()];

        // Who is refused was told: the same again.
        await InTwoAsync(async () => await backend.EnqueueAsync(jobs, Ct));

        var found = await backend.ClaimAsync(queue, "tester", 10, Now);
        Assert.Superset(
            jobs.Select(job => job.Id).ToHashSet(),
            found.Select(job => job.Lease.JobId).ToHashSet()
        );
    }

    [Fact]
    public async Task A_wait_in_a_queue_that_was_deleted_is_refused_or_waited_for()
    {
        var later = JobOutcome.Snooze(TimeSpan.FromSeconds(1), "later");
        await backend.EnqueueAsync([NewJob()], Ct);
        await SettleAsync(Assert.Single(await LookAsync()), later);
        var back = await WaitAsync();
        await DeleteAsync("work:wait:1s");

        await InTwoAsync(async () => Assert.True(await SettleAsync(back, later)));

        Assert.Equal(back.Lease.JobId, (await WaitAsync()).Lease.JobId);
    }

    [Fact]
    public async Task A_job_that_expires_some_day_is_due_at_once()
    {
        var tomorrow = TimeProvider.System.GetUtcNow().AddDays(1);
        await backend.EnqueueAsync([NewJob() with { ExpiresAt = tomorrow }], Ct);

        Assert.False(Assert.Single(await LookAsync()).Expired);
    }

    [Fact]
    public async Task A_settle_that_is_repeated_is_refused_and_adds_no_second_job()
    {
        await backend.EnqueueAsync([NewJob()], Ct);
        var job = Assert.Single(await LookAsync());
        Assert.True(await SettleAsync(job, JobOutcome.HandBack));

        Assert.False(await SettleAsync(job, JobOutcome.HandBack));

        Assert.Single(await LookAsync());
    }

    [Fact]
    public async Task A_call_that_its_caller_gave_up_takes_nothing_from_the_workers()
    {
        await backend.EnqueueAsync([NewJob()], Ct);
        var held = Assert.Single(await LookAsync());

        await Assert.ThrowsAnyAsync<Exception>(async () =>
            await backend.MeasureAsync(queue.Name, Now)
        );

        Assert.True(await SettleAsync(held, JobOutcome.Done));
    }

    [Fact]
    public async Task A_retry_waits_and_counts_a_hand_back_does_neither()
    {
        await backend.EnqueueAsync([NewJob()], Ct);
        await SettleAsync(await WaitAsync(), JobOutcome.HandBack);
        var first = await WaitAsync();
        Assert.Equal(1, first.Lease.Attempt);

        var begun = TimeProvider.System.GetTimestamp();
        await SettleAsync(first, JobOutcome.Retry("no", TimeSpan.FromSeconds(1)));

        Assert.Equal(2, (await WaitAsync()).Lease.Attempt);
        Assert.InRange(
            TimeProvider.System.GetElapsedTime(begun),
            TimeSpan.FromSeconds(1),
            QueueBed.Soon
        );
    }

    [Fact]
    public async Task What_dies_and_what_kills_its_workers_goes_to_the_dead_letters()
    {
        await backend.EnqueueAsync([NewJob(), NewJob()], Ct);
        await SettleAsync(await WaitAsync(), JobOutcome.Dead("never"));
        for (var death = 0; death < queue.MaxAttempts; death++)
        {
            await WaitAsync();
            await ReopenAsync();
        }

        Assert.Empty(await LookAsync());
        var figures = await backend.MeasureAsync("work", Ct);
        Assert.Equal(("rabbitmq", 0, 2), (figures.Backend, figures.Waiting, figures.Dead));
    }

    [Fact]
    public async Task What_it_can_not_promise_it_refuses()
    {
        QueueOptions[] limited =
        [
            new() { Name = "limited", KeyConcurrency = 1 },
            new() { Name = "limited", KeyRate = 1 },
            new() { Name = "limited", Rate = 1 },
        ];
        foreach (var asked in limited)
            await Assert.ThrowsAsync<NotSupportedException>(async () =>
                await backend.PrepareAsync(asked, Ct)
            );
        await Assert.ThrowsAsync<NotSupportedException>(async () =>
            await backend.EnqueueAsync([NewJob() with { Lane = "a" }], Ct)
        );
        await Assert.ThrowsAsync<NotSupportedException>(async () =>
            await backend.SetPausedAsync("work", paused: true, Ct)
        );
    }

    [Fact]
    public async Task Slow_handlers_keep_no_message_from_another_worker()
    {
        await backend.EnqueueAsync([.. Enumerable.Range(0, 20).Select(_ => NewJob())], Ct);
        var slow = new List<ClaimedJob>();
        while (slow.Count < 5)
            slow.AddRange(await backend.ClaimAsync(queue, "slow", 5 - slow.Count, Ct));

        var others = new List<ClaimedJob>();
        while (others.Count < 15)
            others.AddRange(await backend.ClaimAsync(queue, "quick", 15 - others.Count, Ct));
    }

    [Fact]
    public async Task A_worker_that_stops_asking_keeps_no_message_that_it_did_not_begin()
    {
        var patient = new QueueOptions { Name = "work", PollInterval = TimeSpan.FromMinutes(1) };
        await backend.EnqueueAsync([.. Enumerable.Range(0, 20).Select(_ => NewJob())], Ct);
        // As with a ledger: what was taken is let go of at once, which makes room on the way.
        var busy = await backend.ClaimAsync(patient, "busy", 5, Ct);
        foreach (var job in busy)
            await SettleAsync(job, JobOutcome.Done);

        for (var left = 20 - busy.Count; left > 0; )
            left -= (
                await backend
                    .ClaimAsync(patient, "idle", left, Ct)
                    .AsTask()
                    .WaitAsync(QueueBed.Soon, Ct)
            ).Count;
    }

    [Fact]
    public async Task A_queue_of_another_kind_is_named()
    {
        var factory = new ConnectionFactory { Uri = new Uri(rabbitMq.Url) };
        await using var connection = await factory.CreateConnectionAsync(Ct);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Ct);
        await channel.QueueDeclareAsync(
            $"{prefix}other",
            true,
            false,
            false,
            cancellationToken: Ct
        );

        var refused = await Assert.ThrowsAsync<QueueUnavailableException>(async () =>
            await backend.PrepareAsync(new QueueOptions { Name = "other" }, Ct)
        );

        Assert.Contains("isn't as FlowChat makes it", refused.Message, StringComparison.Ordinal);
        Assert.Equal(refused.Message, Assert.Single(await backend.FindFaultsAsync(Ct)));
        // It answers all the same.
        await backend.PingAsync(Ct);
        await backend.EnqueueAsync([NewJob()], Ct);
    }

    [Fact]
    public async Task A_management_that_says_nothing_holds_nobody_up_and_is_left_alone()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var port = ((IPEndPoint)silent.LocalEndpoint).Port;
        await using var other = new RabbitMqQueueBackend(
            RabbitMqUrl.Parse($"{rabbitMq.Url}?management_port={port}"),
            TimeProvider.System,
            prefix
        );
        await other.PrepareAsync(queue, Ct);
        var begun = TimeProvider.System.GetTimestamp();

        for (var n = 0; n < 3; n++)
            Assert.Empty(await other.FindFaultsAsync(Ct));

        // An HTTP client's own patience is 5 s.
        Assert.InRange(
            TimeProvider.System.GetElapsedTime(begun),
            TimeSpan.Zero,
            TimeSpan.FromSeconds(4)
        );
        using var asked = await silent.AcceptSocketAsync(Ct);
        Assert.False(silent.Pending());
    }

    [Theory]
    [InlineData("amqp://user:secret@host/a/b")]
    [InlineData("amqp://user:secret@host/?verify=none")]
    [InlineData("http://user:secret@host")]
    [InlineData("amqp://user:secret@")]
    [InlineData("user:secret@host")]
    public void A_wrong_url_is_refused_without_its_password(string url)
    {
        var refused = Assert.Throws<FormatException>(() => RabbitMqUrl.Parse(url));
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_away_is_named_without_its_password()
    {
        await using var away = new RabbitMqQueueBackend(
            RabbitMqUrl.Parse("amqp://user:secret@127.0.0.1:1/"),
            TimeProvider.System
        );
        var refused = await Assert.ThrowsAsync<QueueUnavailableException>(async () =>
            await away.PrepareAsync(queue, Ct)
        );
        Assert.DoesNotContain("secret", refused.ToString(), StringComparison.Ordinal);
    }

    private Job NewJob() => new() { Queue = queue.Name, Payload = """{"a":1}"""u8.ToArray() };

    private async Task<IReadOnlyList<ClaimedJob>> LookAsync() =>
        await backend.ClaimAsync(queue, "tester", 10, Now);

    private async Task<ClaimedJob> WaitAsync()
    {
        while (true)
            if (await backend.ClaimAsync(queue, "tester", 1, Ct) is [var job])
                return job;
    }

    private async Task<bool> SettleAsync(ClaimedJob job, JobOutcome outcome) =>
        (await backend.SettleAsync([new JobSettlement(job.Lease, outcome)], Ct)).Count == 1;

    private async Task DeleteAsync(string name)
    {
        await using var connection = await new ConnectionFactory
        {
            Uri = new Uri(rabbitMq.Url),
        }.CreateConnectionAsync(Ct);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Ct);
        await channel.QueueDeleteAsync(prefix + name, cancellationToken: Ct);
    }

    private static async Task InTwoAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (QueueUnavailableException)
        {
            await call();
        }
    }

    private async Task ReopenAsync()
    {
        await backend.DisposeAsync();
        backend = await rabbitMq.OpenAsync(prefix);
    }
}
