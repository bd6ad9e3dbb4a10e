using System.Collections.Concurrent;
using System.Threading.Channels;

namespace FlowChat.Queues.Tests;

public abstract partial class QueueConformance
{
    [Fact]
    public async Task A_waiting_worker_is_woken_by_a_job_of_another_process()
    {
        await using var bed = await BedAsync();
        var runs = Channel.CreateUnbounded<JobContext>();
        await bed.StartWorkerAsync(Record(runs));
        await bed.AddAsync();
        await NextAsync(runs);

        var other = bed.Store.Open();
        await other.PrepareAsync(bed.Options, Ct);
        var job = bed.NewJob();
        await other.EnqueueAsync([job], Ct);

        Assert.Equal(job.Id, (await NextAsync(runs)).JobId);
    }

    [Fact]
    public async Task A_failing_job_is_tried_as_often_as_it_may_and_is_then_dead()
    {
        await using var bed = await BedAsync(o =>
            (o.MaxAttempts, o.RetryDelay) = (3, TimeSpan.Zero)
        );
        var runs = Channel.CreateUnbounded<JobContext>();
        await bed.StartWorkerAsync(
            Record(runs, _ => throw new InvalidOperationException("broken"))
        );
        await bed.AddAsync("a");
        var next = await bed.AddAsync("a");

        var attempts = new List<(int, bool)>();
        for (var n = 0; n < 3; n++)
            attempts.Add(
                (await NextAsync(runs)) is var run ? (run.Attempt, run.IsLastAttempt) : default
            );
        Assert.Equal([(1, false), (2, false), (3, true)], attempts);
        // The lane goes on only once the dead job has been settled.
        Assert.Equal(next.Id, (await NextAsync(runs)).JobId);

        var dead = (await bed.DeadAsync()).Single(job => job.Job.Id != next.Id);
        Assert.Equal("InvalidOperationException: broken", dead.Error);
        Assert.Equal([1, 2, 3], dead.Errors.Select(error => error.Attempt));
    }

    [Fact]
    public async Task A_stop_lets_what_runs_finish_within_its_grace()
    {
        await using var bed = await BedAsync();
        var (started, finish) = (NewSignal(), NewSignal());
        var worker = await bed.StartWorkerAsync(
            async (_, _, ct) =>
            {
                started.SetResult();
                await finish.Task.WaitAsync(ct);
                return JobOutcome.Done;
            }
        );
        await bed.AddAsync();
        await started.Task.WaitAsync(QueueBed.Soon, Ct);

        var stop = worker.StopAsync(QueueBed.Soon);
        finish.SetResult();
        await stop;

        Assert.Equal(
            (0, 0),
            ((await bed.MeasureAsync()).Active, (await bed.MeasureAsync()).Waiting)
        );
    }

    [Fact]
    public async Task A_stop_without_grace_hands_back_at_no_cost_and_another_worker_takes_it_at_once()
    {
        // The tests beside this one may have the processors for a while: one of three has to be quick.
        var quickest = TimeSpan.MaxValue;
        for (var n = 0; n < 3 && quickest > TimeSpan.FromSeconds(1); n++)
        {
            var took = await HandOverAsync();
            quickest = took < quickest ? took : quickest;
        }
        Assert.InRange(quickest, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_handlers_token_is_cancelled_when_its_lease_is_lost_and_its_answer_is_void()
    {
        await using var bed = await BedAsync(o => o.Lease = TimeSpan.FromSeconds(1));
        var (started, cancelled) = (NewSignal(), NewSignal());
        await bed.StartWorkerAsync(
            async (_, context, ct) =>
            {
                if (context.Attempt > 1)
                    return JobOutcome.Done;
                started.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancelled.SetResult();
                return JobOutcome.Dead("void");
            }
        );
        await bed.AddAsync();
        await started.Task.WaitAsync(QueueBed.Soon, Ct);

        await bed.Store.AdvanceAsync(TimeSpan.FromMinutes(1));
        await bed.RescueAsync();

        await cancelled.Task.WaitAsync(QueueBed.Soon, Ct);
        Assert.Empty(await bed.DeadAsync());
    }

    [Fact]
    public async Task A_worker_runs_as_many_handlers_at_once_as_it_may()
    {
        await using var bed = await BedAsync(o => o.Concurrency = 3);
        var (running, most) = (0, 0);
        var full = NewSignal();
        var runs = Channel.CreateUnbounded<JobContext>();
        await bed.AddAsync([.. Enumerable.Range(0, 30).Select(_ => bed.NewJob())]);
        await bed.StartWorkerAsync(
            async (_, context, ct) =>
            {
                most = Math.Max(most, Interlocked.Increment(ref running));
                if (running == 3)
                    full.TrySetResult();
                await full.Task.WaitAsync(QueueBed.Soon, ct);
                Interlocked.Decrement(ref running);
                runs.Writer.TryWrite(context);
                return JobOutcome.Done;
            }
        );
        for (var n = 0; n < 30; n++)
            await NextAsync(runs);
        Assert.Equal(3, most);
    }

    [Fact]
    public async Task Workers_of_two_processes_share_a_backlog_and_do_each_job_once()
    {
        await using var bed = await BedAsync();
        var done = new ConcurrentDictionary<Guid, int>();
        var all = NewSignal();
        JobDelegate handler = (_, context, _) =>
        {
            done.AddOrUpdate(context.JobId, 1, (_, count) => count + 1);
            if (done.Count == 1000)
                all.TrySetResult();
            return ValueTask.FromResult(JobOutcome.Done);
        };
        await bed.StartWorkerAsync(handler);
        await bed.StartWorkerAsync(handler, bed.Store.Open());
        for (var n = 0; n < 10; n++)
            await bed.AddAsync([.. Enumerable.Range(0, 100).Select(_ => bed.NewJob())]);

        await all.Task.WaitAsync(QueueBed.Soon, Ct);

        Assert.All(done.Values, count => Assert.Equal(1, count));
    }

    private static JobDelegate Record(
        Channel<JobContext> runs,
        Func<JobContext, JobOutcome>? then = null
    ) =>
        (_, context, _) =>
        {
            runs.Writer.TryWrite(context);
            return ValueTask.FromResult(then?.Invoke(context) ?? JobOutcome.Done);
        };

    private static async Task<JobContext> NextAsync(Channel<JobContext> runs) =>
        await runs.Reader.ReadAsync(Ct).AsTask().WaitAsync(QueueBed.Soon, Ct);

    /// <returns>From the stop of the worker that has a job to its start at another.</returns>
    private async Task<TimeSpan> HandOverAsync()
    {
        await using var bed = await BedAsync();
        var started = NewSignal();
        var first = await bed.StartWorkerAsync(
            async (_, _, ct) =>
            {
                started.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
                return JobOutcome.Done;
            }
        );
        var job = await bed.AddAsync();
        await started.Task.WaitAsync(QueueBed.Soon, Ct);
        var runs = Channel.CreateUnbounded<JobContext>();
        await bed.StartWorkerAsync(Record(runs), bed.Store.Open());

        var begun = TimeProvider.System.GetTimestamp();
        await first.StopAsync(TimeSpan.Zero);
        var again = await NextAsync(runs);
        var took = TimeProvider.System.GetElapsedTime(begun);

        Assert.Equal((job.Id, 1), (again.JobId, again.Attempt));
        return took;
    }

    private static TaskCompletionSource NewSignal() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
