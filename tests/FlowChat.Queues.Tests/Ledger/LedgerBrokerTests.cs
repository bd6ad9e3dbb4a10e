using System.Threading.Channels;
using FlowChat.Queues.Ledger;
using FlowChat.Queues.Tests.Postgres;

namespace FlowChat.Queues.Tests.Ledger;

/// <summary>What goes to a broker, and what its entries do.</summary>
public sealed class LedgerBrokerTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly MemoryBrokerServer server = new();
    private readonly Channel<JobContext> runs = Channel.CreateUnbounded<JobContext>();
    private QueueBed bed = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private LedgerQueueBackend Ledger => (LedgerQueueBackend)bed.Backend;

    private BrokerCircuit Circuit => Ledger.Of("work")!.Circuit;

    public ValueTask InitializeAsync() =>
        MakeBedAsync(o => (o.RetryDelay, o.RetryJitter) = (TimeSpan.FromMilliseconds(200), 0));

    public ValueTask DisposeAsync() => bed.DisposeAsync();

    [Fact]
    public async Task Only_the_head_of_a_lane_has_an_entry_and_its_end_brings_the_next()
    {
        var jobs = Enumerable.Range(0, 5).Select(_ => bed.NewJob("a")).ToArray();
        await bed.AddAsync(jobs);
        await UntilEnqueuedAsync(1);
        await StartWorkerAsync();

        foreach (var job in jobs)
            Assert.Equal(job.Id, (await NextAsync()).JobId);
        Assert.Equal(5, server.Enqueued);
    }

    [Fact]
    public async Task What_joins_a_lane_does_not_publish_its_head_again()
    {
        await bed.AddAsync("a");
        await UntilEnqueuedAsync(1);
        for (var n = 2; n <= 20; n++)
        {
            await bed.AddAsync("a");
            await bed.AddAsync($"other-{n}");
            await UntilEnqueuedAsync(n);
        }

        // The look that follows a connect may meet the first of them a second time.
        Assert.InRange(server.Offered, 20, 24);
    }

    [Fact]
    public async Task A_retry_has_its_entry_when_it_is_due()
    {
        await StartWorkerAsync(context =>
            context.Attempt == 1 ? JobOutcome.Retry("no") : JobOutcome.Done
        );
        await bed.AddAsync();

        Assert.Equal(1, (await NextAsync()).Attempt);
        Assert.Equal(2, (await NextAsync()).Attempt);
    }

    [Fact]
    public async Task An_entry_of_a_job_that_is_not_the_head_brings_the_head()
    {
        Job[] jobs = [bed.NewJob("a"), bed.NewJob("a")];
        await bed.AddAsync(jobs);
        await UntilEnqueuedAsync(1);
        server.Wipe();
        server.Add([BrokerEntry.Of("work", default, jobs[1].Id)]);

        await StartWorkerAsync();

        Assert.Equal(jobs[0].Id, (await NextAsync()).JobId);
        Assert.Equal(jobs[1].Id, (await NextAsync()).JobId);
    }

    [Fact]
    public async Task An_entry_of_a_job_that_is_done_is_let_go_and_one_that_never_was_is_kept()
    {
        var (gone, stranger) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        server.Add([
            BrokerEntry.Of("work", default, gone),
            bed.NewJob(payload: """{"message_id":7}""") with
            {
                Id = stranger,
            },
        ]);
        await StartWorkerAsync();
        var job = await bed.AddAsync();

        Assert.Equal(job.Id, (await NextAsync()).JobId);
        Assert.Equal(stranger, Assert.Single(server.Dead).Lease.JobId);
        Assert.Equal(0, server.Measure("work").Waiting);
    }

    [Fact]
    public async Task Who_adds_does_not_wait_for_a_broker_that_does_not_answer_and_the_job_runs()
    {
        server.Silent = true;
        await bed.AddAsync().WaitAsync(TimeSpan.FromSeconds(3), Ct);
        await Circuit.Opened.WaitAsync(QueueBed.Soon, Ct);

        await StartWorkerAsync();

        await NextAsync();
        await bed.AddAsync().WaitAsync(TimeSpan.FromSeconds(3), Ct);
        await NextAsync();
    }

    [Fact]
    public async Task What_was_added_while_the_broker_was_away_has_entries_when_it_returns()
    {
        server.Away = true;
        await bed.AddAsync();
        await Circuit.Opened.WaitAsync(QueueBed.Soon, Ct);
        await bed.AddAsync(bed.NewJob("a"), bed.NewJob("a"), bed.NewJob());
        server.Away = false;

        await UntilEnqueuedAsync(3);
        Assert.Equal(3, server.Measure("work").Waiting);
    }

    [Fact]
    public async Task A_wiped_broker_gets_its_entries_again()
    {
        await bed.AddAsync([.. Enumerable.Range(0, 2500).Select(_ => bed.NewJob())]);
        await UntilEnqueuedAsync(2500);
        server.Wipe();

        await Ledger.Of("work")!.Feed.ReconcileAsync(Ct);
        Assert.Equal(2500, server.Measure("work").Waiting);

        await Ledger.Of("work")!.Feed.ReconcileAsync(Ct);
        Assert.Equal(5000, server.Enqueued);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_missing_is_counted_also_beyond_what_one_look_takes_in(bool hasKeys)
    {
        const int Page = 50;
        if (hasKeys)
        {
            await bed.DisposeAsync();
            await MakeBedAsync(o => o.KeyConcurrency = 1000);
        }
        var key = hasKeys ? "a" : null;
        Job[] jobs = [.. Enumerable.Range(0, 300).Select(_ => bed.NewJob(key: key))];
        await bed.AddAsync(jobs);
        await UntilEnqueuedAsync(jobs.Length);
        var feed = Ledger.Of("work")!.Feed;
        feed.MaxReconciled = Page;
        server.Wipe();
        var kept = jobs.TakeLast(Page + 10).Select(job => BrokerEntry.Of("work", default, job.Id));
        server.Add([.. kept]);

        await feed.ReconcileAsync(Ct);

        Assert.InRange(server.Measure("work").Waiting, Page + 11, jobs.Length);
    }

    [Fact]
    public async Task Two_entries_of_one_job_run_it_once()
    {
        var job = await bed.AddAsync();
        await UntilEnqueuedAsync(1);
        var entries = server.Take("work", "first", 1);
        server.Add([BrokerEntry.Of("work", default, job.Id)]);
        server.Rescue("first");
        var claims = Ledger.Of("work")!.Claims;

        var both = await Task.WhenAll(
            claims.ClaimAsync("a", entries),
            claims.ClaimAsync("b", server.Take("work", "b", 5))
        );

        Assert.Single(both.SelectMany(jobs => jobs));
    }

    [Fact]
    public async Task What_has_no_permit_has_no_entry_however_often_it_is_looked_for()
    {
        // From the start: a look that is under way goes by the options that it began with.
        await bed.DisposeAsync();
        await MakeBedAsync(o => (o.Rate, o.RatePeriod) = (5, TimeSpan.FromMinutes(10)));
        await bed.AddAsync([.. Enumerable.Range(0, 500).Select(_ => bed.NewJob())]);
        await StartWorkerAsync();
        for (var n = 0; n < 5; n++)
            await NextAsync();

        for (var n = 0; n < 20; n++)
        {
            await bed.AddAsync();
            await Ledger.Of("work")!.Feed.ReconcileAsync(Ct);
        }
        // Between two looks a permit may be counted for two.
        Assert.InRange(server.Enqueued, 5, 10);

        await bed.Store.AdvanceAsync(TimeSpan.FromMinutes(10));
        await bed.AddAsync();
        for (var n = 0; n < 5; n++)
            Assert.Equal(1, (await NextAsync()).Attempt);
    }

    private async ValueTask MakeBedAsync(Action<QueueOptions> configure)
    {
        // No poll helps a worker here: what runs was named by an entry, unless the broker is away.
        bed = await QueueBed.MakeAsync(
            new LedgerStore(await postgres.CreateStoreAsync(), () => new MemoryBroker(server)),
            configure
        );
        await Circuit.Closed.WaitAsync(QueueBed.Soon, Ct);
    }

    private async Task StartWorkerAsync(Func<JobContext, JobOutcome>? then = null) =>
        await bed.StartWorkerAsync(
            (_, context, _) =>
            {
                runs.Writer.TryWrite(context);
                return ValueTask.FromResult(then?.Invoke(context) ?? JobOutcome.Done);
            }
        );

    private Task<JobContext> NextAsync() =>
        runs.Reader.ReadAsync(Ct).AsTask().WaitAsync(QueueBed.Soon, Ct);

    private async Task UntilEnqueuedAsync(int count)
    {
        while (server.NextNews() is var news && server.Enqueued < count)
            await news.WaitAsync(QueueBed.Soon, Ct);
    }
}
