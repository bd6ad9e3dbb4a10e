namespace FlowChat.Operations;

/// <summary>
/// Background work for as long as the host runs. A loop that fails begins again and the operator is told:
/// no duty ends silently, and none ends the host.
/// </summary>
internal abstract partial class Duty(TimeProvider clock, Alarms alarms, ILogger logger)
    : BackgroundService
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    protected TimeProvider Clock { get; } = clock;
    protected Alarms Alarms { get; } = alarms;

    /// <summary>Each runs until it is cancelled, beside the others.</summary>
    protected abstract IReadOnlyList<Func<CancellationToken, Task>> Loops { get; }

    /// <summary>A loop that runs after each interval, from the first one's end on.</summary>
    protected Func<CancellationToken, Task> Every(
        TimeSpan interval,
        Func<CancellationToken, Task> run
    ) =>
        async cancellationToken =>
        {
            using var timer = new PeriodicTimer(interval, Clock);
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await run(cancellationToken);
            }
        };

    /// <summary>A loop that runs at once and after each interval.</summary>
    protected Func<CancellationToken, Task> NowAndEvery(
        TimeSpan interval,
        Func<CancellationToken, Task> run
    ) =>
        async cancellationToken =>
        {
            await run(cancellationToken);
            await Every(interval, run)(cancellationToken);
        };

    protected sealed override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Loops.Select(loop => KeepAsync(loop, stoppingToken)));

    private async Task KeepAsync(
        Func<CancellationToken, Task> loop,
        CancellationToken cancellationToken
    )
    {
        var pause = ShortestPause;
        while (true)
        {
            var since = Clock.GetTimestamp();
            try
            {
                await loop(cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();
                throw new InvalidOperationException("A loop ended that never ends.");
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                Tell(error);
            }
            pause = Clock.GetElapsedTime(since) > LongestPause ? ShortestPause : Longer(pause);
            await Task.Delay(pause, Clock, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Tell(Exception error)
    {
        if (Outage.IsPassing(error))
        {
            Log.Away(logger, GetType().Name, error.Message);
            return;
        }
        Log.Failed(logger, error, GetType().Name);
        Alarms.Raise(
            "duty_failed",
            $"{GetType().Name} failed and begins again: {error.GetType().Name}."
        );
    }

    private static TimeSpan Longer(TimeSpan pause) =>
        pause * 2 < LongestPause ? pause * 2 : LongestPause;

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "{Duty} waits for the database: {Reason}"
        )]
        public static partial void Away(ILogger logger, string duty, string reason);

        [LoggerMessage(Level = LogLevel.Error, Message = "{Duty} failed and begins again")]
        public static partial void Failed(ILogger logger, Exception error, string duty);
    }
}
