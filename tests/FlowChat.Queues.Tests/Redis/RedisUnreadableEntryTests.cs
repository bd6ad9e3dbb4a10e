using System.Text.Json;
using System.Threading.Channels;
using FlowChat.Queues.Ledger;
using FlowChat.Queues.Redis.Resp;
using FlowChat.Queues.Tests.Postgres;

namespace FlowChat.Queues.Tests.Redis;

/// <summary>What another program wrote into a queue's stream is kept for people, and holds up nothing.</summary>
public sealed class RedisUnreadableEntryTests(RedisFixture redis, PostgresFixture postgres)
    : IClassFixture<RedisFixture>
{
    private static readonly byte[] Wild = [0, 13, 10, 255, 36, 49, 192, 128];

    private readonly RedisQueueStore server = redis.CreateStore();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Stream => $"{server.Prefix}work";

    private string DeadLetters => $"{server.Prefix}dead_letter";

    public static TheoryData<string, string[]> Entries =>
        new()
        {
            { "*", ["payload", """{"text":"Olá, \"Ana\""}""", "message_id", "7"] },
            { "1760000000000-1", ["payload", "{}"] },
            { "1760000000000-2", ["j", "x"] },
            { "1760000000000-1", ["j", ""] },
            { "1760000000000-1", ["j", "a job it is not, though long enough for one"] },
            { "1760000000000-3", ["j", "a job it is not, though long enough for one"] },
            { "1760000000000-1", ["j", "{}", "k", "v"] },
            { "1760000000000-17", ["j", "{}"] },
            { "1760000000000-18446744073709551615", ["j", "{}"] },
            { "1760000000000-0", ["j", ""] },
        };

    [Theory]
    [MemberData(nameof(Entries))]
    public async Task It_is_a_dead_letter_with_its_fields_and_the_jobs_behind_it_run(
        string id,
        string[] fields
    )
    {
        await using var bed = await QueueBed.MakeAsync(server);
        var written = await WriteAsync(id, [.. fields.Select(field => (RedisValue)field)]);
        await bed.MeasureAsync();
        var job = await bed.AddAsync();

        Assert.Equal(job.Id, (await bed.ClaimOneAsync()).Lease.JobId);

        await AssertBuriedAsync(bed, written, fields);
        Assert.Equal(1, (await bed.MeasureAsync()).Active);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public async Task One_whose_id_follows_those_of_jobs_is_told_from_them(int before)
    {
        await using var bed = await QueueBed.MakeAsync(server);
        Job[] jobs = [.. Enumerable.Range(0, before).Select(_ => bed.NewJob())];
        await bed.AddAsync(jobs);
        var written = await WriteAsync("*", ["payload", "{}"]);
        Assert.EndsWith($"-{before + 1}", written, StringComparison.Ordinal);

        var claimed = await bed.ClaimAsync();

        Assert.Equal(jobs.Select(job => job.Id), claimed.Select(job => job.Lease.JobId));
        await AssertBuriedAsync(bed, written, ["payload", "{}"]);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_kept()
    {
        await using var bed = await QueueBed.MakeAsync(server);
        await WriteAsync("*", ["wild", Wild, Wild, "tame"]);

        Assert.Empty(await bed.ClaimAsync());

        var fields = Read(Assert.Single(await bed.DeadAsync()));
        Assert.Equal("wild", fields[0].GetString());
        Assert.Equal(Wild, fields[1].GetProperty("base64").GetBytesFromBase64());
        Assert.Equal(Wild, fields[2].GetProperty("base64").GetBytesFromBase64());
        Assert.Equal("tame", fields[3].GetString());
    }

    [Fact]
    public async Task It_is_copied_found_by_its_words_and_discarded()
    {
        await using var bed = await QueueBed.MakeAsync(server);
        await WriteAsync("*", ["payload", "Olá, Ana"]);
        await WriteAsync("*", ["payload", "Olá, Rui"]);
        await bed.ClaimAsync();

        var dead = Assert.Single(await bed.DeadAsync("olá, ana"));
        Assert.Equal(1, await bed.ActAsync(DeadJobAction.Discard, "ana"));

        Assert.Equal(1, (await bed.MeasureAsync()).Dead);
        Assert.Equal(1, await bed.ActAsync(DeadJobAction.Discard));
        var figures = await bed.MeasureAsync();
        Assert.Equal((0, 0, 0), (figures.Waiting, figures.Active, figures.Dead));

        await ((IAsyncDisposable)bed.Backend).DisposeAsync();
        var copies = await AskAsync("XRANGE", DeadLetters, "-", "+");
        Assert.Equal(2, copies.Count);
        Assert.Equal($"{dead.Job.Id}", copies[0][1][3].Text);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_queue_with_rates_goes_on_behind_it(bool ofKeys)
    {
        await using var bed = await QueueBed.MakeAsync(
            server,
            o => (o.Rate, o.KeyRate) = (ofKeys ? null : 5, ofKeys ? 5 : null)
        );
        for (var n = 0; n < 10; n++)
            await WriteAsync("*", ["j", "?"]);
        var job = await bed.AddAsync(key: ofKeys ? "a" : null);

        Assert.Equal(job.Id, (await bed.ClaimOneAsync()).Lease.JobId);
        Assert.Equal(10, (await bed.MeasureAsync()).Dead);
    }

    [Fact]
    public async Task A_worker_that_waits_buries_it_and_waits_on()
    {
        await using var bed = await QueueBed.MakeAsync(server);
        var runs = Channel.CreateUnbounded<Guid>();
        await bed.StartWorkerAsync(
            (_, context, _) =>
            {
                runs.Writer.TryWrite(context.JobId);
                return new(JobOutcome.Done);
            }
        );
        var first = await bed.AddAsync();
        Assert.Equal(first.Id, await NextAsync(runs));

        await WriteAsync("*", ["payload", "{}"]);
        await UntilDeadAsync(bed);
        var next = await bed.AddAsync();

        Assert.Equal(next.Id, await NextAsync(runs));
    }

    [Fact]
    public async Task What_a_worker_read_and_died_with_is_buried_by_the_next()
    {
        await using var bed = await QueueBed.MakeAsync(server);
        await WriteAsync("*", ["payload", "1"]);
        await WriteAsync("1960000000000-5", ["j", "2"]);
        var job = await bed.AddAsync();
        await AskAsync("XREADGROUP", "GROUP", "chat_send_workers", "gone", "STREAMS", Stream, ">");
        await server.AdvanceAsync(2 * bed.Options.Lease);

        Assert.Equal(new RescueCounts(1, 0), await bed.RescueAsync());

        Assert.Equal(2, (await bed.DeadAsync()).Count);
        Assert.Equal(0, (await AskAsync("XLEN", Stream)).Integer - await WaitingAsync(bed));
        await server.AdvanceAsync(bed.Options.MaxRetryDelay);
        Assert.Equal(job.Id, (await bed.ClaimOneAsync()).Lease.JobId);
    }

    [Fact]
    public async Task Under_a_ledger_it_is_among_those_that_never_had_a_row()
    {
        await using var bed = await QueueBed.MakeAsync(
            await RedisLedger.CreateAsync(postgres, server)
        );
        var ledger = (LedgerQueueBackend)bed.Backend;
        await ledger.Of("work")!.Circuit.Closed.WaitAsync(QueueBed.Soon, Ct);
        var written = await WriteAsync("*", ["payload", "{}"]);
        var ran = Channel.CreateUnbounded<Guid>();
        await bed.StartWorkerAsync(
            (_, context, _) =>
            {
                ran.Writer.TryWrite(context.JobId);
                return new(JobOutcome.Done);
            }
        );
        var job = await bed.AddAsync();
        Assert.Equal(job.Id, await NextAsync(ran));

        var all = new DeadJobFilter { Queue = "work" };
        var found = await ledger.FindStrangersAsync(bed.Options, all, null, 10, Ct);

        Assert.Contains(written, Assert.Single(found).Error, StringComparison.Ordinal);
        Assert.Equal(1, await ledger.DiscardStrangersAsync(bed.Options, all, false, Ct));
    }

    private async Task AssertBuriedAsync(QueueBed bed, string id, string[] fields)
    {
        var dead = Assert.Single(await bed.DeadAsync());
        Assert.Contains(id, dead.Error, StringComparison.Ordinal);
        Assert.Equal(dead.Error, Assert.Single(dead.Errors).Error);
        Assert.Equal(fields, Read(dead).Select(field => field.GetString()));
        var left = await AskAsync("XRANGE", Stream, id, id);
        Assert.Equal(0, left.Count);
    }

    // Names and values in turn.
    private static JsonElement[] Read(DeadJob dead)
    {
        var payload = JsonDocument.Parse(dead.Job.Payload).RootElement;
        return
        [
            .. payload.GetProperty("fields").EnumerateArray().SelectMany(f => f.EnumerateArray()),
        ];
    }

    private async Task<string> WriteAsync(string id, RedisValue[] fields) =>
        (await AskAsync("XADD", [Stream, id, .. fields])).Text;

    private async Task<RedisReply> AskAsync(string name, params RedisValue[] words) =>
        await server.Client.SendAsync(new RedisCommand(name, words), Ct);

    private static async Task<long> WaitingAsync(QueueBed bed)
    {
        var figures = await bed.MeasureAsync();
        return figures.Waiting + figures.Active;
    }

    private static async Task UntilDeadAsync(QueueBed bed)
    {
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        soon.CancelAfter(QueueBed.Soon);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while ((await bed.MeasureAsync()).Dead == 0)
            await timer.WaitForNextTickAsync(soon.Token);
    }

    private static Task<Guid> NextAsync(Channel<Guid> runs) =>
        runs.Reader.ReadAsync(Ct).AsTask().WaitAsync(QueueBed.Soon, Ct);
}
