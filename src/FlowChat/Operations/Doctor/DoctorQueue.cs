using System.Collections.Concurrent;
using FlowChat.Operations.Work;
using FlowChat.Queues;
using FlowChat.Queues.Ledger;
using FlowChat.Settings;
using FlowChat.Storage;

namespace FlowChat.Operations.Doctor;

/// <summary>A queue of the doctor's own, carried as FlowChat's queues or as those of media, with one worker.</summary>
internal sealed class DoctorQueue : IAsyncDisposable
{
    private const string FindTenant = "select id from tenants order by created_at limit 1";
    private const string Ledger = "postgresql";
    private const int Tries = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Database _database;
    private readonly TimeProvider _clock;
    private readonly IHost _host;
    private readonly LedgerQueueBackend? _ledger;
    private readonly string _name;

    public DoctorQueue(Database database, FlowChatSettings settings, TimeProvider clock, bool media)
    {
        (_database, _clock, _name) = (database, clock, media ? "doctor_media" : "doctor");
        Carrier = CarrierOf(settings.Brokers, media);
        var (own, none) = (new HashSet<string> { _name }, new HashSet<string>());
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(database);
        builder.Services.AddSingleton(clock);
        builder.Services.AddLogging();
        builder.Services.AddSingleton<Arrivals>();
        builder
            .Services.AddFlowChatQueues()
            .UseBroker(settings, media ? none : own, media ? own : none)
            .AddQueue<DoctorJob, DoctorHandler>(
                _name,
                options =>
                {
                    (options.CompletedHistory, options.FailedHistory) = (0, 0);
                    // No look into PostgreSQL makes up for a broker that carries nothing.
                    options.PollInterval = TimeSpan.FromMinutes(1);
                }
            )
            .AddWorkers();
        _host = builder.Build();
        _ledger =
            Carrier == Ledger
                ? null
                : (LedgerQueueBackend)_host.Services.GetRequiredService<IQueueBackend>();
    }

    /// <summary>What takes the job from PostgreSQL to its worker.</summary>
    public string Carrier { get; }

    public IEnumerable<IBrokerCheck> Brokers => _host.Services.GetServices<IBrokerCheck>();

    /// <summary>Adds a job once its carrier is there, and waits until its handler has it.</summary>
    /// <exception cref="InvalidOperationException">No job came, or none by the carrier.</exception>
    public async Task<string> RoundTripAsync(CancellationToken cancellationToken)
    {
        var tenant =
            await FindTenantAsync(cancellationToken)
            ?? throw new InvalidOperationException("There is no tenant yet: start FlowChat once.");
        await _host.StartAsync(cancellationToken);
        await ConnectAsync(cancellationToken);
        // A worker that looks into PostgreSQL as the broker connects may take one job there.
        for (var i = 0; i < Tries; i++)
        {
            var brought = _ledger?.CountBrought(_name);
            var figures = await SendAsync(tenant, cancellationToken);
            if (_ledger is null || _ledger.CountBrought(_name) > brought)
            {
                await _host.StopAsync(cancellationToken);
                return figures;
            }
        }
        throw new InvalidOperationException($"{Carrier} failed: the job came by PostgreSQL.");
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }

    private async Task<string> SendAsync(Guid tenant, CancellationToken cancellationToken)
    {
        var queue = _host.Services.GetRequiredService<JobQueue<DoctorJob>>();
        var job = queue.Create(new(Guid.CreateVersion7()));
        var arrival = _host.Services.GetRequiredService<Arrivals>().Expect(job.Id);
        var added = _clock.GetTimestamp();
        await queue.EnqueueAsync(job with { TenantId = tenant }, cancellationToken);
        var enqueued = _clock.GetElapsedTime(added);
        await InTimeAsync(arrival, "brought no job", cancellationToken);
        var arrived = _clock.GetElapsedTime(added);
        return FormattableString.Invariant(
            $"enqueued in {enqueued.TotalMilliseconds:0.0} ms, handled after {arrived.TotalMilliseconds:0.0} ms"
        );
    }

    private static string CarrierOf(BrokerSettings brokers, bool media) =>
        media ? (brokers.RabbitMq is null ? Ledger : "rabbitmq")
        : brokers.Redis is null ? Ledger
        : "redis";

    // Until the first connection its jobs are claimed from PostgreSQL.
    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        if (_ledger is not null)
        {
            var queues = _host.Services.GetRequiredService<QueueRegistry>();
            await _ledger.PrepareAsync(queues[_name], cancellationToken);
            await InTimeAsync(_ledger.CarriedAsync(_name), "can't be used", cancellationToken);
        }
    }

    private async Task InTimeAsync(Task task, string otherwise, CancellationToken cancellationToken)
    {
        try
        {
            await task.WaitAsync(Patience, _clock, cancellationToken);
        }
        catch (TimeoutException error)
        {
            throw new InvalidOperationException(
                $"{Carrier} {otherwise} within {Patience.TotalSeconds:0} s.",
                error
            );
        }
    }

    private async Task<Guid?> FindTenantAsync(CancellationToken cancellationToken)
    {
        await using var command = _database.System.CreateCommand(FindTenant);
        return await command.ExecuteScalarAsync(cancellationToken) as Guid?;
    }

    private sealed record DoctorJob(Guid Visit);

    private sealed class Arrivals
    {
        private readonly ConcurrentDictionary<Guid, TaskCompletionSource> _expected = new();

        public Task Expect(Guid jobId) =>
            _expected
                .GetOrAdd(jobId, _ => new(TaskCreationOptions.RunContinuationsAsynchronously))
                .Task;

        public bool Came(Guid jobId) =>
            _expected.TryGetValue(jobId, out var arrival) && arrival.TrySetResult();
    }

    private sealed class DoctorHandler(Arrivals arrivals, TimeProvider clock)
        : IJobHandler<DoctorJob>
    {
        private static readonly TimeSpan Elsewhere = TimeSpan.FromMilliseconds(100);

        public ValueTask<JobOutcome> HandleAsync(
            DoctorJob job,
            JobContext context,
            CancellationToken cancellationToken
        ) =>
            ValueTask.FromResult(
                // Another doctor's patient; after a minute nobody waits for it any more.
                arrivals.Came(context.JobId)
                || clock.GetUtcNow() - context.EnqueuedAt > TimeSpan.FromMinutes(1)
                    ? JobOutcome.Done
                    : JobOutcome.Snooze(Elsewhere, "Another doctor waits for it.")
            );
    }
}
