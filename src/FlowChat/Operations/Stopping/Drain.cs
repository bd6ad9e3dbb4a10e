using FlowChat.Live;
using FlowChat.Queues;
using FlowChat.Settings;

namespace FlowChat.Operations.Stopping;

/// <summary>
/// What comes before the host stops anything: not ready, time for the balancer to turn away, no more jobs and an end for
/// those that run, then the live streams. Requests are answered all the while; those under way when it is over are
/// finished by the web server.
/// </summary>
internal sealed partial class Drain(
    FlowChatSettings settings,
    RunningWorkers workers,
    LiveFarewell farewell,
    TimeProvider clock,
    ILogger<Drain> logger
) : IHostedLifecycleService
{
    // For the streams, the requests under way and the database, after the jobs.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(3);

    private Task? _drained;

    /// <summary>From the first signal on: this node wants no more requests, though it answers them.</summary>
    public bool HasBegun => Volatile.Read(ref _drained) is not null;

    /// <summary>How long workers may take, handing back included: all that is left, less what comes after them.</summary>
    public TimeSpan ForJobs =>
        settings.Drain - settings.DrainWait is var left && left > 4 * Rest
            ? left - Rest
            : left * 0.75;

    public Task StoppingAsync(CancellationToken cancellationToken) =>
        _drained ??= RunAsync(cancellationToken);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        // HasBegun is true before anything is waited for.
        await Task.Yield();
        Log.NotReady(logger, settings.DrainWait.TotalSeconds);
        await Task.Delay(settings.DrainWait, clock, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var jobs = workers.StopAsync(ForJobs);
        Log.NoMoreJobs(logger, ForJobs.TotalSeconds);
        // Handlers that ignore all of it keep their leases, and others take over what they held.
        await jobs.WaitAsync(ForJobs, clock, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Log.NoMoreStreams(logger);
        await farewell.EndAsync(cancellationToken);
        Log.Drained(logger);
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Information,
            Message = "Stopping: not ready any more; requests are answered for another {Seconds} s at least"
        )]
        public static partial void NotReady(ILogger logger, double seconds);

        [LoggerMessage(
            Level = LogLevel.Information,
            Message = "Stopping: no more jobs; those that run have ended or are handed back within {Seconds} s"
        )]
        public static partial void NoMoreJobs(ILogger logger, double seconds);

        [LoggerMessage(
            Level = LogLevel.Information,
            Message = "Stopping: live streams go elsewhere"
        )]
        public static partial void NoMoreStreams(ILogger logger);

        [LoggerMessage(
            Level = LogLevel.Information,
            Message = "Stopping: requests under way are finished"
        )]
        public static partial void Drained(ILogger logger);
    }
}
