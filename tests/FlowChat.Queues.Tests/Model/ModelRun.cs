using System.Text;

namespace FlowChat.Queues.Tests.Model;

/// <summary>One random sequence of calls, each answer compared with the model's.</summary>
internal sealed partial class ModelRun(QueueBed bed, int seed)
{
    private static readonly string?[] Lanes = [null, null, "a", "b", "c"];
    private static readonly string[] Keys = ["x", "x", "y", "z"];
    private static readonly string[] Workers = ["one", "two"];
    private static readonly int[] Batches = [1, 1, 2, 3, 5, 12, 20];
    private static readonly int[] Dues = [0, 0, 0, 1, 5];
    private static readonly int[] Passing = [1, 2, 3, 4, 5, 12];
    private static readonly int?[] Lives = [null, null, 3, 8];

    private readonly Random random = new(seed);
    private readonly QueueModel model = new(bed.Options);
    private readonly StringBuilder story = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>What was done so far.</summary>
    public string Story => story.ToString();

    public async Task RunAsync(int steps)
    {
        for (var step = 0; step < steps; step++)
            await StepAsync();
        await DrainAsync();
    }

    private Task StepAsync() =>
        random.Next(27) switch
        {
            < 4 => AddAsync(),
            < 9 => ClaimAsync(random.Next(4) == 0 ? 20 : random.Next(1, 5)),
            < 14 => SettleAsync(),
            < 19 => PassAsync(Pick(Passing)),
            < 22 => RenewAsync(),
            < 24 => PauseAsync(!model.Paused && random.Next(4) == 0),
            24 => MeasureAsync(),
            _ => ActOnDeadAsync(),
        };

    private async Task AddAsync()
    {
        var now = TimeProvider.System.GetUtcNow();
        var fresh = new List<(Job Job, int Due, int? Life)>();
        var batch = new List<Job>();
        for (var n = Pick(Batches); n > 0; n--)
        {
            var (job, lives) = random.Next(8) == 0 ? KnownJob(batch) : (NewJob(), false);
            var (due, life) = (Pick(Dues), Pick(Lives));
            batch.Add(lives ? job : Dated(job, now, due, life));
            if (!lives)
                fresh.Add((batch[^1], due, life));
        }
        Tell($"add {batch.Count}, {fresh.Count} of them new");
        await AnswersAsync(fresh.Count, 0, () => bed.AddAsync([.. batch]), batch[^1].Id);
        foreach (var (job, due, life) in fresh)
            model.Add(job, due, life);
    }

    private Job NewJob() =>
        bed.NewJob(Pick(Lanes), bed.Options.HasKeys ? Pick(Keys) : null) with
        {
            Id = NewId(),
        };

    // Of the seed, as all else is: jobs that are due at the same time may run in the order of their ids.
    private Guid NewId()
    {
        var id = new byte[16];
        random.NextBytes(id);
        return new Guid(id);
    }

    /// <summary>One that was there before, be it in this batch, and whether it lives: then it isn't added again.</summary>
    private (Job Job, bool Lives) KnownJob(List<Job> batch)
    {
        if (batch.Count > 0 && random.Next(3) == 0)
            return (Pick(batch), true);
        if (model.Jobs.Count == 0)
            return (NewJob(), false);
        var known = Pick(model.Jobs);
        return batch.Find(job => job.Id == known.Id) is { } again
            ? (again, true)
            : (known.Job, known.State != ModelState.Gone);
    }

    private static Job Dated(Job job, DateTimeOffset now, int due, int? life) =>
        job with
        {
            DueAt = due == 0 ? null : now + TimeSpan.FromMinutes(due),
            ExpiresAt = life is { } minutes ? now + TimeSpan.FromMinutes(minutes) : null,
        };

    private async Task PassAsync(int minutes)
    {
        await AdvanceAsync(minutes);
        await (
            random.Next(4) switch
            {
                0 => RescueAsync(),
                1 => TakeOverAsync(),
                2 => ClaimAsync(20),
                _ => Task.CompletedTask,
            }
        );
    }

    private async Task AdvanceAsync(int minutes)
    {
        Tell($"{minutes} minutes pass");
        await bed.Store.AdvanceAsync(TimeSpan.FromMinutes(minutes), bed.Options.Name);
        model.Advance(minutes);
    }

    private async Task PauseAsync(bool paused)
    {
        Tell(paused ? "pause" : "resume");
        await bed.Backend.SetPausedAsync(bed.Options.Name, paused, Ct);
        model.Paused = paused;
    }

    private async Task MeasureAsync()
    {
        var figures = await bed.MeasureAsync();
        Assert.Equal(
            (model.CountOf(ModelState.Leased), model.CountOf(ModelState.Dead), model.Paused),
            (figures.Active, figures.Dead, figures.Paused)
        );
        // Behind others of its lane a job counts as waiting or delayed, as the backend likes.
        Assert.Equal(model.CountOf(ModelState.Waiting), figures.Waiting + figures.Delayed);
    }

    private async Task ActOnDeadAsync()
    {
        var dead = model.Jobs.Where(job => job.State == ModelState.Dead).ToList();
        Assert.Equal(
            dead.Select(job => job.Id).Order(),
            (await bed.DeadAsync()).Select(job => job.Job.Id).Order()
        );
        if (dead.Count == 0)
            return;
        var job = Pick(dead);
        var filter = new DeadJobFilter { Queue = bed.Options.Name, Ids = [job.Id] };
        var requeue = random.Next(3) > 0;
        var action = requeue ? DeadJobAction.Requeue() : DeadJobAction.Discard;
        Tell($"{(requeue ? "requeue" : "discard")} {job.Number}");
        await AnswersAsync(
            1,
            0,
            async () => await bed.Backend.ActOnDeadAsync(filter, action, dryRun: false, Ct),
            job.Id
        );
        if (requeue)
            model.Requeue(job);
        else
            job.State = ModelState.Gone;
    }

    private async Task DrainAsync()
    {
        const int Troubled = 6;
        await PauseAsync(false);
        for (var round = 0; model.Jobs.Exists(job => job.IsOpen); round++)
        {
            await AdvanceAsync(30);
            await RescueAsync();
            await ClaimAsync(20);
            var held = model.Jobs.Where(job => job.State == ModelState.Leased);
            await SettleAsync([
                .. held.Select(job => new JobSettlement(
                    job.Lease!,
                    round < Troubled ? NewOutcome() : JobOutcome.Done
                )),
            ]);
        }
        await MeasureAsync();
        // Of all that was ever given out, nothing can be settled again.
        await SettleAsync([
            .. leases.Select(lease => new JobSettlement(
                lease,
                JobOutcome.Retry("", TimeSpan.Zero)
            )),
        ]);
        await MeasureAsync();
    }

    private void Tell(string step) => story.Append('\n').Append(step);

    private T Pick<T>(IReadOnlyList<T> items) => items[random.Next(items.Count)];
}
