using System.Threading.Channels;
using FlowChat.Queues.Ledger;
using FlowChat.Queues.Tests.Postgres;
using RabbitMQ.Client;

namespace FlowChat.Queues.Tests.RabbitMq;

/// <summary>What another program publishes into a queue is kept, and holds up nothing.</summary>
public sealed class RabbitMqForeignMessageTests(PostgresFixture postgres, RabbitMqFixture rabbitMq)
{
    private static readonly byte[][] Bodies =
    [
        "{\"message_id\":7}"u8.ToArray(),
        [0, 13, 10, 255, 192, 128],
        "3"u8.ToArray(),
        "4"u8.ToArray(),
        [],
    ];

    private static readonly BasicProperties[] Properties =
    [
        new(),
        new() { Headers = Headers(("due_ms", long.MaxValue), ("expires_ms", long.MinValue)) },
        new() { Timestamp = new AmqpTimestamp(long.MaxValue) },
        new() { MessageId = "mine", Headers = Headers(("tenant_id", 7), ("traceparent", true)) },
        new() { Headers = Headers(("attempts", long.MaxValue)) },
    ];

    private readonly string prefix = RabbitMqFixture.NewPrefix();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Under_a_ledger_it_is_among_the_dead_letters_as_it_was_sent_and_counted()
    {
        await using var bed = await QueueBed.MakeAsync(
            await rabbitMq.CreateLedgerAsync(postgres, prefix)
        );
        var ledger = (LedgerQueueBackend)bed.Backend;
        await ledger.Of("work")!.Circuit.Closed.WaitAsync(2 * QueueBed.Soon, Ct);
        await PublishAsync();
        var runs = Channel.CreateUnbounded<Guid>();
        await bed.StartWorkerAsync(
            (_, context, _) =>
            {
                runs.Writer.TryWrite(context.JobId);
                return new(JobOutcome.Done);
            }
        );

        var job = await bed.AddAsync();

        Assert.Equal(
            job.Id,
            await runs.Reader.ReadAsync(Ct).AsTask().WaitAsync(2 * QueueBed.Soon, Ct)
        );
        await UntilAsync(async () =>
            await ledger.CountStrangersAsync(bed.Options, Ct) == Bodies.Length
        );
        Assert.Equal(
            Bodies.Select(Convert.ToHexString).Order(StringComparer.Ordinal),
            (await TakeDeadAsync()).Select(Convert.ToHexString).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Alone_it_comes_as_a_job_with_what_can_be_read_of_it()
    {
        await using var backend = await rabbitMq.OpenAsync(prefix);
        var queue = new QueueOptions { Name = "work" };
        await backend.PrepareAsync(queue, Ct);
        await PublishAsync();

        var jobs = await backend.ClaimAsync(queue, "tester", 10, new(canceled: true));

        // The last says that it killed its workers.
        Assert.Equal(Bodies[..4], jobs.Select(job => job.Payload.ToArray()));
        Assert.All(jobs, job => Assert.False(job.Expired));
        Assert.Equal(Bodies[4..], await TakeDeadAsync());
    }

    private async Task PublishAsync()
    {
        await using var connection = await ConnectAsync();
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(true, true),
            Ct
        );
        foreach (var (body, properties) in Bodies.Zip(Properties))
            await channel.BasicPublishAsync("", $"{prefix}work", true, properties, body, Ct);
    }

    private async Task<List<byte[]>> TakeDeadAsync()
    {
        await using var connection = await ConnectAsync();
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Ct);
        var found = new List<byte[]>();
        while (await channel.BasicGetAsync($"{prefix}work:dead", autoAck: true, Ct) is { } got)
            found.Add(got.Body.ToArray());
        return found;
    }

    private Task<IConnection> ConnectAsync() =>
        new ConnectionFactory { Uri = new Uri(rabbitMq.Url) }.CreateConnectionAsync(Ct);

    private static Dictionary<string, object?> Headers(params (string Name, object Value)[] all) =>
        all.ToDictionary(one => one.Name, object? (one) => one.Value, StringComparer.Ordinal);

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        soon.CancelAfter(2 * QueueBed.Soon);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await isSo())
            await timer.WaitForNextTickAsync(soon.Token);
    }
}
