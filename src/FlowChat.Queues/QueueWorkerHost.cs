using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FlowChat.Queues;

/// <summary>
/// Makes the queues known before anything uses them, also where no worker runs. A server that is away doesn't keep the host
/// from its start: workers prepare their queue again once it is there.
/// </summary>
internal sealed partial class QueuePreparation(
    IQueueBackend backend,
    QueueRegistry queues,
    ILogger<QueuePreparation> logger
) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var queue in queues.All)
            try
            {
                await backend.PrepareAsync(queue, cancellationToken);
            }
            catch (QueueUnavailableException e)
            {
                LogAway(logger, queue.Name, e.Message);
            }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Warning, "{Queue} starts without its server: {Reason}")]
    private static partial void LogAway(ILogger logger, string queue, string reason);
}

/// <summary>Runs this process's workers and rescuers between the host's start and its stop.</summary>
internal sealed class QueueWorkerHost(
    IServiceProvider services,
    IEnumerable<QueueRegistration> registrations,
    Func<string, bool> runs,
    RunningWorkers running,
    IOptions<HostOptions> host
) : IHostedService, IAsyncDisposable
{
    // Handing back and settling come after the grace time.
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource stop = new();
    private readonly List<QueueWorker> workers = [];
    private readonly List<Task> rescues = [];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        running.Add(StopAsync);
        foreach (var registration in registrations.Where(r => runs(r.Options.Name)))
        {
            var handler = registration.Handler(services);
            for (var n = 0; n < registration.Options.Consumers; n++)
            {
                var worker = ActivatorUtilities.CreateInstance<QueueWorker>(
                    services,
                    registration.Options,
                    handler
                );
                workers.Add(worker);
                await worker.StartAsync(cancellationToken);
                running.Add(worker);
            }
            var rescuer = ActivatorUtilities.CreateInstance<AbandonedJobRescuer>(
                services,
                registration.Options
            );
            rescues.Add(rescuer.RunAsync(stop.Token));
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) =>
        StopAsync(host.Value.ShutdownTimeout);

    private async Task StopAsync(TimeSpan limit)
    {
        var grace = limit > 2 * Reserve ? limit - Reserve : limit / 2;
        // Begun before the first await: once this is called no worker begins another job.
        var ends = workers.Select(worker => StopAsync(worker, grace)).ToList();
        await stop.CancelAsync();
        await Task.WhenAll([.. rescues, .. ends]);
    }

    private async Task StopAsync(QueueWorker worker, TimeSpan grace)
    {
        await worker.StopAsync(grace);
        running.Remove(worker);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in workers)
            await worker.DisposeAsync();
        stop.Dispose();
    }
}
