using System.Collections.Concurrent;
using FlowChat.Queues.Redis.Resp;

namespace FlowChat.Queues.Tests.Redis;

/// <summary>Jobs of lanes that come many at once wait in the intake until workers divide them.</summary>
public sealed class RedisIntakeTests(RedisFixture redis) : IClassFixture<RedisFixture>
{
    private const int Many = 1_200,
        Lanes = 30;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, null)]
    [InlineData(3, null)]
    [InlineData(1, 100_000)]
    public async Task A_worker_that_waits_is_woken_and_divides_all(int partitions, int? rate)
    {
        await using var bed = await QueueBed.MakeAsync(
            redis.CreateStore(),
            o => (o.Partitions, o.Rate, o.Concurrency) = (partitions, rate, 20)
        );
        var runs = await StartWorkerAsync(bed);

        var jobs = await AddManyAsync(bed);

        await runs.AllAsync(jobs);
    }

    [Fact]
    public async Task A_worker_that_dies_with_the_mark_leaves_it_to_the_next()
    {
        var store = redis.CreateStore();
        await using var bed = await QueueBed.MakeAsync(store);
        var jobs = await AddManyAsync(bed);
        var mark = await SendAsync(
            store,
            $"XREADGROUP GROUP chat_send_workers dead COUNT 1 STREAMS {FrontOf(store)} >"
        );
        Assert.Equal(RedisKind.Map, mark.Kind);
        await store.AdvanceAsync(2 * bed.Options.Lease);
        await bed.RescueAsync();
        Assert.Equal(1, (await SendAsync(store, $"XLEN {FrontOf(store)}")).Integer);

        var runs = await StartWorkerAsync(bed, store.Open());

        await runs.AllAsync(jobs);
        Assert.Empty(await bed.DeadAsync());
    }

    [Fact]
    public async Task It_has_one_mark_whatever_comes_after_its_first()
    {
        var store = redis.CreateStore();
        await using var bed = await QueueBed.MakeAsync(store);
        await AddManyAsync(bed);
        await bed.AddAsync("lane-1");
        await bed.AddAsync(bed.NewJob(), bed.NewJob());

        Assert.Equal(1, (await SendAsync(store, $"XLEN {FrontOf(store)}")).Integer);
    }

    [Fact]
    public async Task Nothing_of_it_runs_while_the_queue_is_paused()
    {
        await using var bed = await QueueBed.MakeAsync(redis.CreateStore());
        await bed.Backend.SetPausedAsync("work", paused: true, Ct);
        var jobs = await AddManyAsync(bed);
        Assert.Empty(await bed.ClaimAsync());
        Assert.Equal(Many, (await bed.MeasureAsync()).Waiting);

        await bed.Backend.SetPausedAsync("work", paused: false, Ct);

        await (await StartWorkerAsync(bed)).AllAsync(jobs);
    }

    [Fact]
    public async Task What_waits_in_it_is_measured_and_outlives_a_stream_that_others_deleted()
    {
        var store = redis.CreateStore();
        await using var bed = await QueueBed.MakeAsync(store);
        var jobs = await AddManyAsync(bed);
        await store.AdvanceAsync(TimeSpan.FromMinutes(3));
        var figures = await bed.MeasureAsync();
        Assert.Equal((Many, 0L), (figures.Waiting, figures.Active));
        Assert.InRange(figures.OldestWaiting, TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(4));

        await SendAsync(store, $"DEL {store.Prefix}work {FrontOf(store)}");
        await bed.Backend.PrepareAsync(bed.Options, Ct);
        Assert.Equal(1, (await SendAsync(store, $"XLEN {FrontOf(store)}")).Integer);

        await (await StartWorkerAsync(bed, store.Open())).AllAsync(jobs);
    }

    private static async Task<Runs> StartWorkerAsync(QueueBed bed, IQueueBackend? on = null)
    {
        var runs = new Runs();
        await bed.StartWorkerAsync(
            (_, context, _) =>
            {
                runs.Add(context.JobId);
                return ValueTask.FromResult(JobOutcome.Done);
            },
            on
        );
        return runs;
    }

    private static async Task<Job[]> AddManyAsync(QueueBed bed)
    {
        Job[] jobs = [.. Enumerable.Range(0, Many).Select(n => bed.NewJob($"lane-{n % Lanes}"))];
        Assert.Equal(Many, await bed.AddAsync(jobs));
        return jobs;
    }

    private static string FrontOf(RedisQueueStore store) => $"{{{store.Prefix}work}}:front";

    private static async Task<RedisReply> SendAsync(RedisQueueStore store, string command)
    {
        var words = command.Split(' ');
        return await store.Client.SendAsync(
            new RedisCommand(words[0], [.. words.Skip(1).Select(word => (RedisValue)word)]),
            Ct
        );
    }

    private sealed class Runs
    {
        private readonly ConcurrentQueue<Guid> ids = new();
        private readonly TaskCompletionSource all = new(
            TaskCreationOptions.RunContinuationsAsynchronously
        );
        private int count;

        public void Add(Guid id)
        {
            ids.Enqueue(id);
            if (Interlocked.Increment(ref count) == Many)
                all.SetResult();
        }

        /// <summary>Waits until each ran once, those of a lane in their order.</summary>
        public async Task AllAsync(Job[] jobs)
        {
            await all.Task.WaitAsync(QueueBed.Soon, Ct);
            var lanes = jobs.ToDictionary(job => job.Id, job => job.Lane);
            var ran = ids.ToLookup(id => lanes[id]);
            foreach (var lane in jobs.ToLookup(job => job.Lane, job => job.Id))
                Assert.Equal(lane, ran[lane.Key]);
        }
    }
}
