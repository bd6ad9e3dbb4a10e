using System.Diagnostics;
using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FlowChat.Queues.Tests.Postgres;

/// <summary>The engine as a host registers it.</summary>
public sealed class QueueHostTests(PostgresFixture postgres) : IAsyncLifetime
{
    private PostgresQueueStore store = null!;
    private IHost host = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = await postgres.CreateStoreAsync();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(Channel.CreateUnbounded<(Greeting, ActivityTraceId)>());
        builder
            .Services.AddFlowChatQueues()
            .UsePostgres(store.DataSource)
            .AddQueue<Greeting, GreetingHandler>("greet", o => o.Consumers = 2)
            .AddWorkers();
        host = builder.Build();
        await host.StartAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync(CancellationToken.None);
        await ((IAsyncDisposable)host).DisposeAsync();
        await store.DisposeAsync();
    }

    [Fact]
    public async Task A_payload_reaches_its_handler_in_the_trace_that_sent_it()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == QueueMetrics.SourceName,
            Sample = (ref _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        using var sending = new Activity("sending").Start();

        await host
            .Services.GetRequiredService<JobQueue<Greeting>>()
            .EnqueueAsync(new Greeting("Ana", 3), Ct);

        var greeted = host
            .Services.GetRequiredService<Channel<(Greeting, ActivityTraceId)>>()
            .Reader;
        var (greeting, trace) = await greeted.ReadAsync(Ct).AsTask().WaitAsync(QueueBed.Soon, Ct);
        Assert.Equal((new Greeting("Ana", 3), sending.TraceId), (greeting, trace));
    }

    [Fact]
    public async Task Workers_can_be_stopped_before_their_host()
    {
        var workers = host.Services.GetRequiredService<RunningWorkers>();
        Assert.Equal(["greet", "greet"], workers.All.Select(worker => worker.Value));

        var stopping = workers.StopAsync(QueueBed.Soon);
        // From the call on, not from its end.
        await host
            .Services.GetRequiredService<JobQueue<Greeting>>()
            .EnqueueAsync(new Greeting("Ana", 3), Ct);
        await stopping;

        Assert.Empty(workers.All);
        var figures = await host
            .Services.GetRequiredService<IQueueBackend>()
            .MeasureAsync("greet", Ct);
        Assert.Equal((1, 0), (figures.Waiting, figures.Active));
    }

    [Fact]
    public async Task A_value_that_can_not_be_read_is_dead_and_not_the_default()
    {
        using var services = new ServiceCollection()
            .AddScoped<NumberHandler>()
            .BuildServiceProvider();
        var run = QueueRegistration
            .Of<int, NumberHandler>(new QueueOptions { Name = "numbers" })
            .Handler(services);

        var (broken, whole) = (await RunAsync("\"many\""), await RunAsync("7"));

        Assert.Equal(
            (JobOutcomeKind.Dead, "The payload is no Int32."),
            (broken.Kind, broken.Reason)
        );
        Assert.Equal(JobOutcomeKind.Done, whole.Kind);

        async Task<JobOutcome> RunAsync(string payload)
        {
            var lease = new JobLease(default, default, "numbers", null, default, 1);
            var job = new ClaimedJob { Lease = lease, Payload = Encoding.UTF8.GetBytes(payload) };
            return await run(job.Payload, new JobContext(job, 1), Ct);
        }
    }

    [Fact]
    public async Task A_payload_that_can_not_be_read_is_dead_at_once()
    {
        var backend = host.Services.GetRequiredService<IQueueBackend>();
        var greetings = host.Services.GetRequiredService<JobQueue<Greeting>>();
        var broken = greetings.Create(new Greeting("", 0)) with
        {
            Payload = """{"times":"many"}"""u8.ToArray(),
        };
        await greetings.EnqueueAsync(
            [
                broken with
                {
                    Lane = "a",
                },
                greetings.Create(new Greeting("Ana", 3)) with
                {
                    Lane = "a",
                },
            ],
            Ct
        );

        await NextAsync();

        var dead = await backend.FindDeadAsync(new DeadJobFilter { Queue = "greet" }, null, 10, Ct);
        Assert.Equal("The payload is no Greeting.", Assert.Single(dead).Error);
    }

    private Task<(Greeting, ActivityTraceId)> NextAsync() =>
        host
            .Services.GetRequiredService<Channel<(Greeting, ActivityTraceId)>>()
            .Reader.ReadAsync(Ct)
            .AsTask()
            .WaitAsync(QueueBed.Soon, Ct);

    internal sealed class NumberHandler : IJobHandler<int>
    {
        public ValueTask<JobOutcome> HandleAsync(
            int payload,
            JobContext context,
            CancellationToken cancellationToken
        ) => new(payload == 0 ? JobOutcome.Retry("A default.") : JobOutcome.Done);
    }

    internal sealed record Greeting(string Name, int Times);

    internal sealed class GreetingHandler(Channel<(Greeting, ActivityTraceId)> greeted)
        : IJobHandler<Greeting>
    {
        public async ValueTask<JobOutcome> HandleAsync(
            Greeting payload,
            JobContext context,
            CancellationToken cancellationToken
        )
        {
            await greeted.Writer.WriteAsync(
                (payload, Activity.Current?.TraceId ?? default),
                cancellationToken
            );
            return JobOutcome.Done;
        }
    }
}
