using FlowChat.Queues.Ledger;
using FlowChat.Queues.Redis.Resp;
using FlowChat.Queues.Tests.Ledger;
using FlowChat.Queues.Tests.Postgres;
using FlowChat.Testing.Servers;

namespace FlowChat.Queues.Tests.Redis;

/// <summary>The stream of dead letters where PostgreSQL keeps the jobs.</summary>
public sealed class RedisDeadLetterCopyTests(PostgresFixture postgres, RedisFixture redis)
    : IClassFixture<RedisFixture>
{
    private const int Capacity = 5;

    private readonly RedisQueueStore server = redis.CreateStore(names =>
        names.DeadLetterMaxLength = Capacity
    );

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Stream => $"{server.Prefix}dead_letter";

    [Fact]
    public async Task What_a_settle_or_a_rescuer_buries_is_copied_behind_its_back()
    {
        await using var bed = await BedAsync(o => o.MaxAttempts = 1);
        var (settled, abandoned) = (await bed.AddAsync(payload: "1"), await bed.AddAsync());
        foreach (var job in await bed.ClaimAsync())
            if (job.Lease.JobId == settled.Id)
                await bed.SettleAsync(job, JobOutcome.Dead("No such number"));
        var first = (await UntilAsync(1))[0];
        await bed.Store.AdvanceAsync(2 * bed.Options.Lease);

        await bed.RescueAsync();

        Assert.Equal(["work", $"{settled.Id}", "1", "No such number", "1"], first);
        Assert.Equal($"{abandoned.Id}", (await UntilAsync(2))[1][1]);
    }

    [Fact]
    public async Task What_a_handler_buries_in_its_own_transaction_is_copied()
    {
        await using var bed = await BedAsync();
        await bed.StartWorkerAsync(
            async (_, context, ct) =>
            {
                var dead = JobOutcome.Dead("by its handler");
                await ((LedgerStore)bed.Store)
                    .Rows.OpenPostgres()
                    .SettleAsync([new JobSettlement(context.Lease, dead)], ct);
                return JobOutcome.SettledAs(dead);
            }
        );

        var job = await bed.AddAsync();

        Assert.Equal($"{job.Id}", (await UntilAsync(1))[0][1]);
    }

    [Fact]
    public async Task A_wiped_copy_is_made_anew_from_the_rows_and_again_the_same()
    {
        await using var bed = await BedAsync();
        await bed.AddAsync([.. Enumerable.Range(0, 8).Select(n => bed.NewJob(payload: $"{n}"))]);
        foreach (var job in await bed.ClaimAsync())
            await bed.SettleAsync(job, JobOutcome.Dead("no"));
        var newest = (await bed.DeadAsync()).Take(Capacity).Reverse().ToList();
        await UntilAsync(8);
        await server.Client.SendAsync(new RedisCommand("DEL", Stream), Ct);

        var (first, ids) = (await CopyAsync(bed), await IdsAsync());
        var (second, same) = (await CopyAsync(bed), await IdsAsync());

        Assert.Equal((Capacity, Capacity), (first, second));
        Assert.Equal(
            newest.Select(dead => $"{dead.Job.Id}"),
            (await ReadAsync()).Select(e => e[1])
        );
        Assert.Equal(
            newest.Select(dead => dead.DeadAt.ToUnixTimeMilliseconds()),
            ids.Select(id => long.Parse(id.Split('-')[0], null))
        );
        Assert.Equal(ids, same);
        var drafts = await server.Client.SendAsync(
            new RedisCommand("KEYS", $"*{server.Prefix}*draft*"),
            Ct
        );
        Assert.Equal(0, drafts.Count);
    }

    [Fact]
    public async Task Without_dead_letters_the_copy_is_emptied()
    {
        await using var bed = await BedAsync();
        await server.Client.SendAsync(new RedisCommand("XADD", Stream, "*", "id", "old"), Ct);

        Assert.Equal(0, await CopyAsync(bed));

        Assert.Empty(await ReadAsync());
    }

    [Fact]
    public async Task On_a_cluster_it_is_made_anew_in_a_slot_of_its_own()
    {
        await using var cluster = await RedisClusterServers.StartAsync(Ct);
        var store = new RedisQueueStore(cluster.Url, "chat:");
        await using var bed = await QueueBed.MakeAsync(
            await RedisLedger.CreateAsync(postgres, store)
        );
        await bed.AddAsync();
        await bed.SettleAsync(await bed.ClaimOneAsync(), JobOutcome.Dead("no"));

        Assert.Equal(1, await CopyAsync(bed));

        // The process that buried it may still copy it itself.
        var copies = await store.Client.SendAsync(new RedisCommand("XLEN", "chat:dead_letter"), Ct);
        Assert.InRange(copies.Integer, 1, 2);
    }

    [Fact]
    public async Task Entries_that_never_had_a_row_are_listed_counted_copied_and_discarded()
    {
        await using var bed = await BedAsync();
        var producer = server.Open();
        await producer.PrepareAsync(bed.Options, Ct);
        var stranger = bed.NewJob(payload: "7");
        await producer.EnqueueAsync([stranger], Ct);
        await bed.StartWorkerAsync((_, _, _) => new(JobOutcome.Done));
        await UntilAsync(1);
        var ledger = (LedgerQueueBackend)bed.Backend;
        var all = new DeadJobFilter { Queue = bed.Options.Name };

        var found = await ledger.FindStrangersAsync(bed.Options, all, null, 10, Ct);

        Assert.Equal(stranger.Id, Assert.Single(found).Job.Id);
        Assert.Equal(1, await ledger.CountStrangersAsync(bed.Options, Ct));
        Assert.Empty(await bed.DeadAsync());
        Assert.Equal(1, await CopyAsync(bed));
        Assert.Equal(1, await ledger.DiscardStrangersAsync(bed.Options, all, dryRun: false, Ct));
        Assert.Equal(0, await ledger.CountStrangersAsync(bed.Options, Ct));
    }

    private async Task<QueueBed> BedAsync(Action<QueueOptions>? configure = null)
    {
        var bed = await QueueBed.MakeAsync(
            await RedisLedger.CreateAsync(postgres, server),
            configure
        );
        await ((LedgerQueueBackend)bed.Backend)
            .Of(bed.Options.Name)!
            .Circuit.Closed.WaitAsync(QueueBed.Soon, Ct);
        return bed;
    }

    private static Task<int?> CopyAsync(QueueBed bed) =>
        ((LedgerQueueBackend)bed.Backend).CopyDeadLettersAsync([bed.Options], Ct);

    private async Task<List<string[]>> UntilAsync(int count)
    {
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        soon.CancelAfter(QueueBed.Soon);
        while (true)
        {
            var entries = await ReadAsync();
            if (entries.Count >= count)
                return entries;
            soon.Token.ThrowIfCancellationRequested();
        }
    }

    private async Task<List<string[]>> ReadAsync() =>
        [
            .. (await EntriesAsync()).Select(entry =>
                Enumerable
                    .Range(0, entry[1].Count / 2)
                    .Select(n => entry[1][(2 * n) + 1].Text)
                    .ToArray()
            ),
        ];

    private async Task<List<string>> IdsAsync() =>
        [.. (await EntriesAsync()).Select(entry => entry[0].Text)];

    private async Task<IReadOnlyList<RedisReply>> EntriesAsync() =>
        [
            .. (
                await server.Client.SendAsync(new RedisCommand("XRANGE", Stream, "-", "+"), Ct)
            ).Items,
        ];
}
