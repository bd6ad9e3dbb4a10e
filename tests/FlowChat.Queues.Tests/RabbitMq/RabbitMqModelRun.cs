using System.Text;
using FlowChat.Queues.RabbitMq;

namespace FlowChat.Queues.Tests.RabbitMq;

/// <summary>One random sequence of calls by two processes, each answer compared with what is known of the jobs.</summary>
internal sealed class RabbitMqModelRun(Func<Task<RabbitMqQueueBackend>> open, int seed)
    : IAsyncDisposable
{
    private static readonly CancellationToken Now = new(canceled: true);

    private readonly Random random = new(seed);
    private readonly StringBuilder story = new();
    private readonly QueueOptions queue = new() { Name = "work", MaxAttempts = 3 };
    private readonly RabbitMqQueueBackend[] processes = new RabbitMqQueueBackend[2];
    private readonly Dictionary<Guid, Known> jobs = [];
    private readonly List<(JobLease Lease, int Process)> leases = [];

    // Those that killed their workers too often: dead as soon as somebody meets them.
    private int doomed;
    private int dead;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public string Story => story.ToString();

    public async Task RunAsync(int steps)
    {
        for (var n = 0; n < processes.Length; n++)
            await OpenAsync(n);
        for (var step = 0; step < steps; step++)
            await (
                random.Next(16) switch
                {
                    < 4 => AddAsync(random.Next(1, 9)),
                    < 9 => ClaimAsync(random.Next(2), random.Next(1, 9)),
                    < 13 => SettleAsync(random.Next(2)),
                    13 => RenewAsync(random.Next(2)),
                    14 => DieAsync(random.Next(2)),
                    _ => MeasureAsync(),
                }
            );
        await DrainAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes)
            if (process is not null)
                await process.DisposeAsync();
    }

    private async Task OpenAsync(int process)
    {
        processes[process] = await open();
        await processes[process].PrepareAsync(queue, Ct);
    }

    private async Task AddAsync(int count)
    {
        var now = TimeProvider.System.GetUtcNow();
        var batch = new List<Job>();
        for (; count > 0; count--)
        {
            var expired = random.Next(4) == 0;
            var job = new Job
            {
                Queue = queue.Name,
                Payload = "{}"u8.ToArray(),
                ExpiresAt = expired ? now : now + TimeSpan.FromDays(1),
            };
            batch.Add(job);
            jobs.Add(job.Id, new Known { Expired = expired });
        }
        Tell($"add {batch.Count}");
        Assert.Equal(batch.Count, await processes[random.Next(2)].EnqueueAsync(batch, Ct));
    }

    private async Task ClaimAsync(int process, int max)
    {
        var claimed = await processes[process].ClaimAsync(queue, "tester", max, Now);
        Tell($"{process} claims {max}: got {claimed.Count}");
        foreach (var claim in claimed)
        {
            var job = jobs.GetValueOrDefault(claim.Lease.JobId);
            Assert.True(job is { Lease: null }, "claimed what may not run");
            Assert.Equal((job.Attempts + 1, job.Expired), (claim.Lease.Attempt, claim.Expired));
            job.Lease = claim.Lease;
            leases.Add((claim.Lease, process));
        }
        // Whoever meets those has room for as many fewer.
        var buried = (int)(await FiguresAsync()).Dead - dead;
        Assert.InRange(buried, 0, Math.Min(doomed, max - claimed.Count));
        (doomed, dead) = (doomed - buried, dead + buried);
        Assert.True(
            claimed.Count + buried == max || (doomed == 0 && Waiting == 0),
            "left what may run"
        );
    }

    private async Task SettleAsync(int process)
    {
        // A late one of a process that died is told by whoever is there now.
        var of = leases.Where(lease => lease.Process == process).Select(one => one.Lease).ToArray();
        random.Shuffle(of);
        await SettleAsync(
            process,
            [
                .. of.OrderByDescending(lease => random.Next(3) > 0 && IsHeld(lease))
                    .Take(random.Next(1, 7))
                    .Select(lease => new JobSettlement(lease, NewOutcome())),
            ]
        );
    }

    private async Task SettleAsync(int process, IReadOnlyList<JobSettlement> settlements)
    {
        var held = settlements.Where(s => IsHeld(s.Lease)).ToList();
        Tell(
            $"{process} settles {settlements.Count}, held: {string.Join(' ', held.Select(s => s.Outcome.Kind))}"
        );
        var resolved = settlements.Select(s =>
            s with
            {
                Outcome = s.Outcome.Resolve(s.Lease.Attempt, queue, random),
            }
        );
        var settled = await processes[process].SettleAsync([.. resolved], Ct);
        Assert.Equal(held.Select(s => s.Lease).ToHashSet(), settled);
        foreach (var (lease, outcome) in held)
            Settle(jobs[lease.JobId], lease, outcome);
    }

    private void Settle(Known job, JobLease lease, JobOutcome outcome)
    {
        job.Lease = null;
        if (outcome.Kind == JobOutcomeKind.Retry && lease.Attempt < queue.MaxAttempts)
            job.Attempts = lease.Attempt;
        else if (outcome.Kind is not (JobOutcomeKind.HandBack or JobOutcomeKind.Snooze))
        {
            dead += outcome.Kind == JobOutcomeKind.Done ? 0 : 1;
            jobs.Remove(lease.JobId);
        }
    }

    private async Task RenewAsync(int process)
    {
        var asked = leases.Where(one => one.Process == process && IsOwn(one.Lease)).ToList();
        var held = await processes[process]
            .RenewAsync(queue, [.. asked.Select(one => one.Lease)], Ct);
        Tell($"{process} renews {asked.Count}");
        Assert.Equal(asked.Select(one => one.Lease).ToHashSet(), held);

        bool IsOwn(JobLease lease) => IsHeld(lease);
    }

    private async Task DieAsync(int process)
    {
        var held = leases.Where(one => one.Process == process && IsHeld(one.Lease)).ToList();
        Tell($"{process} dies with {held.Count}");
        await processes[process].DisposeAsync();
        foreach (var (lease, _) in held)
        {
            var job = jobs[lease.JobId];
            (job.Lease, job.Attempts) = (null, lease.Attempt);
            if (job.Attempts < queue.MaxAttempts)
                continue;
            jobs.Remove(lease.JobId);
            doomed++;
        }
        await OpenAsync(process);
        await MeasureAsync();
    }

    /// <summary>RabbitMQ takes a moment to give back what a connection held.</summary>
    private async Task MeasureAsync()
    {
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        soon.CancelAfter(QueueBed.Soon);
        while ((await FiguresAsync()).Waiting != Waiting + doomed)
            Assert.False(soon.IsCancellationRequested, "counted wrongly");
        Assert.Equal(dead, (await FiguresAsync()).Dead);
    }

    private async Task DrainAsync()
    {
        while (jobs.Count > 0 || doomed > 0)
        {
            await ClaimAsync(random.Next(2), 20);
            for (var process = 0; process < processes.Length; process++)
                await SettleAsync(
                    process,
                    [
                        .. leases
                            .Where(one => one.Process == process && IsHeld(one.Lease))
                            .Select(one => new JobSettlement(one.Lease, JobOutcome.Done)),
                    ]
                );
        }
        for (var process = 0; process < processes.Length; process++)
            await SettleAsync(
                process,
                [
                    .. leases
                        .Where(one => one.Process == process)
                        .Select(one => new JobSettlement(one.Lease, JobOutcome.HandBack)),
                ]
            );
        await MeasureAsync();
    }

    private JobOutcome NewOutcome() =>
        random.Next(8) switch
        {
            < 2 => JobOutcome.Done,
            < 5 => JobOutcome.Retry("failed", TimeSpan.Zero),
            5 => JobOutcome.Snooze(TimeSpan.Zero, "later"),
            6 => JobOutcome.HandBack,
            _ => JobOutcome.Dead("never"),
        };

    private int Waiting => jobs.Values.Count(job => job.Lease is null);

    private bool IsHeld(JobLease lease) => jobs.GetValueOrDefault(lease.JobId)?.Lease == lease;

    private async Task<QueueFigures> FiguresAsync() =>
        await processes[0].MeasureAsync(queue.Name, Ct);

    private void Tell(string step) => story.Append('\n').Append(step);

    private sealed class Known
    {
        public bool Expired { get; init; }
        public int Attempts { get; set; }
        public JobLease? Lease { get; set; }
    }
}
