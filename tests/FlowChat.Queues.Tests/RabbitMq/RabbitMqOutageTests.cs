using System.Collections.Concurrent;
using FlowChat.Queues.RabbitMq;
using FlowChat.Testing.Servers;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowChat.Queues.Tests.RabbitMq;

/// <summary>Without a ledger, on a server of their own: what was confirmed is run, and workers resume by themselves.</summary>
public sealed class RabbitMqOutageTests : IAsyncLifetime
{
    private readonly RabbitMqServer server = new(management: true);
    private readonly QueueOptions queue = new() { Name = "work", MaxAttempts = 100 };
    private readonly ConcurrentDictionary<Guid, bool> ran = new();
    private readonly SemaphoreSlim first = new(0);
    private readonly QueueMetrics metrics = new();
    private RabbitMqQueueBackend backend = null!;
    private int runs;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(RabbitMqServer.IsInstalled, RabbitMqServer.HowToInstall);
        await server.StartAsync(Ct);
        backend = Open(server.Port);
        await backend.PrepareAsync(queue, Ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (backend is not null)
            await backend.DisposeAsync();
        await server.DisposeAsync();
        metrics.Dispose();
        first.Dispose();
    }

    [Fact]
    public async Task Workers_outlive_a_cut_lost_replies_a_kill_and_a_deleted_queue()
    {
        await using var network = FaultProxy.StartFor(new Uri($"tcp://127.0.0.1:{server.Port}"));
        await using var behind = Open(network.Port);
        await using var worker = await StartWorkerAsync(behind);

        await RunAsync(100);
        network.Cut();
        await RunAsync(100);
        network.Fault = NetworkFault.RepliesLost;
        var during = RunAsync(100);
        network.Fault = NetworkFault.None;
        network.Cut();
        await during;
        var held = await AddAsync(100);
        await server.KillAsync(Ct);
        await server.StartAsync(Ct);
        await UntilRunAsync(held);
        await server.ControlAsync(Ct, "delete_queue", "work");
        await RunAsync(100);
    }

    [Fact]
    public async Task A_worker_that_the_server_sends_nothing_any_more_is_heard_of_again()
    {
        await using var own = Open(server.Port);
        await using var worker = await StartWorkerAsync(own);
        await RunAsync(1);
        // It learns of the deletion when the queue is there again, and takes it for the one that it knows.
        await server.ControlAsync(
            Ct,
            "eval",
            "[sys:suspend(proplists:get_value(channel_pid, C)) || C <- rabbit_amqqueue:consumers_all(<<\"/\">>)]."
        );
        await server.ControlAsync(Ct, "delete_queue", "work");
        var added = await AddAsync(10);
        await server.ControlAsync(Ct, "eval", "[sys:resume(C) || C <- rabbit_channel:list()].");

        await UntilRunAsync(added);
    }

    [Fact]
    public async Task What_was_confirmed_is_run_after_an_outage_and_nothing_else()
    {
        await using var other = Open(server.Port);
        await using var worker = await StartWorkerAsync(other);
        var (added, refused) = (new List<Job>(), new List<Job>());
        added.AddRange(await AddAsync(500));
        await server.KillAsync(Ct);
        var begun = TimeProvider.System.GetTimestamp();
        var patience = new Patience(TimeProvider.System, Random.Shared);
        do
        {
            refused.Add(NewJob());
            await Assert.ThrowsAsync<QueueUnavailableException>(async () =>
                await backend.EnqueueAsync([refused[^1]], Ct)
            );
            await patience.WaitAsync(Ct);
        } while (TimeProvider.System.GetElapsedTime(begun) < Outage.Length);
        await server.StartAsync(Ct);
        added.AddRange(await AddAsync(500));

        await UntilRunAsync(added);
        var unexpected = refused.Count(job => ran.ContainsKey(job.Id));
        TestContext.Current.SendDiagnosticMessage(
            "away {0}: attempted {1}, acknowledged {2}, done {3}, lost {4}, unexpected {5}, run again {6}",
            Outage.Length,
            added.Count + refused.Count,
            added.Count,
            ran.Count,
            added.Count(job => !ran.ContainsKey(job.Id)),
            unexpected,
            runs - ran.Count
        );
        Assert.Equal((0, added.Count), (unexpected, ran.Count));
    }

    [Fact]
    public async Task Who_starts_while_RabbitMQ_is_away_goes_on_by_itself_once_it_is_there()
    {
        var before = await AddAsync(100);
        await server.KillAsync(Ct);
        await using var late = Open(server.Port);
        await using var worker = await StartWorkerAsync(late);
        await Assert.ThrowsAsync<QueueUnavailableException>(async () =>
            await late.EnqueueAsync([NewJob()], Ct)
        );
        var adding = AddAsync(100);
        await server.StartAsync(Ct);

        await UntilRunAsync(await adding);
        await UntilRunAsync(before);
    }

    [Fact]
    public async Task A_server_that_hangs_is_told_in_time_and_used_once_it_goes_on()
    {
        await using var worker = await StartWorkerAsync(backend);
        await RunAsync(1);
        await server.SignalAsync("STOP", Ct);

        await Assert.ThrowsAsync<QueueUnavailableException>(async () =>
            await backend.EnqueueAsync([NewJob()], Ct).AsTask().WaitAsync(QueueBed.Soon, Ct)
        );
        await server.SignalAsync("CONT", Ct);
        await RunAsync(100);
    }

    [Fact]
    public async Task Without_room_adding_fails_at_once_and_what_is_there_is_done()
    {
        await AddAsync(1);
        await server.ControlAsync(Ct, "set_vm_memory_high_watermark", "absolute", "1MB");

        var full = await Assert.ThrowsAsync<QueueUnavailableException>(async () =>
            await backend.EnqueueAsync([NewJob()], Ct).AsTask().WaitAsync(QueueBed.Soon, Ct)
        );
        Assert.Contains("takes no messages: low on memory", full.Message, StringComparison.Ordinal);
        var job = Assert.Single(await backend.ClaimAsync(queue, "tester", 1, Ct));
        var done = new JobSettlement(job.Lease, JobOutcome.Done);
        Assert.Single(await backend.SettleAsync([done], Ct));

        await server.ControlAsync(Ct, "set_vm_memory_high_watermark", "0.4");
        await AddAsync(1);
    }

    [Fact]
    public async Task What_comes_before_its_time_and_can_not_be_moved_runs_once_there_is_room()
    {
        var clock = new LateClock { Late = TimeSpan.FromHours(1) };
        await using var late = Open(server.Port, clock);
        var early = NewJob() with
        {
            DueAt = TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(1),
        };
        var beside = NewJob();
        await backend.EnqueueAsync([early, beside], Ct);
        await server.ControlAsync(Ct, "set_vm_memory_high_watermark", "absolute", "1MB");

        Assert.Equal(beside.Id, (await ClaimOneAsync()).Lease.JobId);
        await server.ControlAsync(Ct, "set_vm_memory_high_watermark", "0.4");
        clock.Late = TimeSpan.Zero;

        var claimed = await ClaimOneAsync();
        Assert.Equal((early.Id, 1), (claimed.Lease.JobId, claimed.Lease.Attempt));

        async Task<ClaimedJob> ClaimOneAsync()
        {
            using var limit = new CancellationTokenSource(QueueBed.Soon, TimeProvider.System);
            while (true)
                if (await late.ClaimAsync(queue, "tester", 10, limit.Token) is [var one])
                    return one;
                else
                    limit.Token.ThrowIfCancellationRequested();
        }
    }

    [Fact]
    public async Task A_policy_that_drops_is_told_and_what_it_takes_out_is_kept()
    {
        await server.ControlAsync(Ct, "set_policy", "short", "^work$", """{"message-ttl":1}""");
        await AddAsync(1);
        while ((await backend.MeasureAsync("work", Ct)).Dead == 0)
            Ct.ThrowIfCancellationRequested();
        await server.ControlAsync(Ct, "set_policy", "short", "^work$", """{"max-length":1}""");
        await Assert.ThrowsAsync<QueueFullException>(async () =>
        {
            for (var n = 0; n < 100; n++)
                await AddAsync(1);
        });

        await server.ControlAsync(
            Ct,
            "set_policy",
            "short",
            "^work",
            """{"max-length":1,"expires":9000}"""
        );
        Assert.Empty(
            await FaultsAsync(faults =>
                faults.Contains("work: a policy sets expires", StringComparison.Ordinal)
                && faults.Contains("work:dead: a policy sets expires", StringComparison.Ordinal)
                && faults.Contains("a policy sets max-length", StringComparison.Ordinal)
            )
        );
        await server.ControlAsync(Ct, "clear_policy", "short");
        Assert.Empty(await FaultsAsync(faults => faults.Length == 0));
    }

    // The management gathers what it tells every few seconds.
    /// <returns>What is said in place of what is awaited.</returns>
    private async Task<string> FaultsAsync(Predicate<string> awaited)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var faults = string.Join(' ', await backend.FindFaultsAsync(Ct));
            if (awaited(faults))
                return "";
            if (TimeProvider.System.GetElapsedTime(begun) > QueueBed.Soon)
                return $"It said: {faults}";
            await timer.WaitForNextTickAsync(Ct);
        }
    }

    private async Task RunAsync(int jobs) => await UntilRunAsync(await AddAsync(jobs));

    // Who gets no answer adds again: at least once.
    private async Task<List<Job>> AddAsync(int count)
    {
        var jobs = Enumerable.Range(0, count).Select(_ => NewJob()).ToList();
        for (
            var patience = new Patience(TimeProvider.System, Random.Shared);
            ;
            await patience.WaitAsync(Ct)
        )
            try
            {
                await backend.EnqueueAsync(jobs, Ct);
                return jobs;
            }
            catch (QueueUnavailableException e) when (e is not QueueFullException) { }
    }

    private async Task UntilRunAsync(List<Job> jobs)
    {
        while (jobs.Exists(job => !ran.ContainsKey(job.Id)))
            if (!await first.WaitAsync(TimeSpan.FromSeconds(40), Ct))
                Assert.Fail($"Nothing runs. {await DescribeAsync()}");
    }

    private async Task<string> DescribeAsync()
    {
        string[] asked =
        [
            "name",
            "state",
            "messages_ready",
            "messages_unacknowledged",
            "consumers",
        ];
        return string.Join('\n', await server.ControlAsync(Ct, ["list_queues", .. asked]));
    }

    private async Task<QueueWorker> StartWorkerAsync(RabbitMqQueueBackend on)
    {
        var worker = new QueueWorker(
            on,
            queue,
            (_, context, _) =>
            {
                Interlocked.Increment(ref runs);
                ran[context.JobId] = true;
                first.Release();
                return ValueTask.FromResult(JobOutcome.Done);
            },
            TimeProvider.System,
            metrics,
            NullLogger<QueueWorker>.Instance
        );
        await worker.StartAsync(Ct);
        return worker;
    }

    private Job NewJob() => new() { Queue = queue.Name, Payload = "{}"u8.ToArray() };

    private RabbitMqQueueBackend Open(int port, TimeProvider? clock = null) =>
        new(
            RabbitMqUrl.Parse(
                $"{RabbitMqServer.UrlAt(port)}?management_port={server.ManagementPort}"
            ),
            clock ?? TimeProvider.System
        );

    private sealed class LateClock : TimeProvider
    {
        public TimeSpan Late { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() - Late;
    }
}
