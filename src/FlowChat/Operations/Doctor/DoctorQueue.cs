using System.Collections.Concurrent;
using FlowChat.Operations.Work;
using FlowChat.Queues;
using FlowChat.Settings;
using FlowChat.Storage;

namespace FlowChat.Operations.Doctor;

/// <summary>A queue of the doctor's own on the configured broker, with one worker.</summary>
internal sealed class DoctorQueue : IAsyncDisposable
{
    private const string Name = "doctor";
    private const string FindTenant = "select id from tenants order by created_at limit 1";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Database _database;
    private readonly TimeProvider _clock;
    private readonly IHost _host;

    public DoctorQueue(Database database, FlowChatSettings settings, TimeProvider clock)
    {
        (_database, _clock) = (database, clock);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(database);
        builder.Services.AddSingleton(clock);
        builder.Services.AddLogging();
        builder.Services.AddSingleton<Arrivals>();
        builder
            .Services.AddFlowChatQueues()
            .UseBroker(settings)
            .AddQueue<DoctorJob, DoctorHandler>(
                Name,
                options => (options.CompletedHistory, options.FailedHistory) = (0, 0)
            )
            .AddWorkers();
        _host = builder.Build();
    }

    public IEnumerable<IBrokerCheck> Brokers => _host.Services.GetServices<IBrokerCheck>();

    /// <summary>Adds a job and waits until its handler has it.</summary>
    public async Task<string> RoundTripAsync(CancellationToken cancellationToken)
    {
        var tenant =
            await FindTenantAsync(cancellationToken)
            ?? throw new InvalidOperationException("There is no tenant yet: start FlowChat once.");
        await _host.StartAsync(cancellationToken);
        var queue = _host.Services.GetRequiredService<JobQueue<DoctorJob>>();
        var job = queue.Create(new(Guid.CreateVersion7()));
        var arrival = _host.Services.GetRequiredService<Arrivals>().Expect(job.Id);
        var added = _clock.GetTimestamp();
        await queue.EnqueueAsync(job with { TenantId = tenant }, cancellationToken);
        var enqueued = _clock.GetElapsedTime(added);
        await arrival.WaitAsync(Patience, _clock, cancellationToken);
        var arrived = _clock.GetElapsedTime(added);
        await _host.StopAsync(cancellationToken);
        return FormattableString.Invariant(
            $"enqueued in {enqueued.TotalMilliseconds:0.0} ms, handled after {arrived.TotalMilliseconds:0.0} ms"
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
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
