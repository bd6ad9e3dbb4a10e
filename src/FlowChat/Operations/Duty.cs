using System.Runtime.CompilerServices;

namespace FlowChat.Operations;

/// <summary>
/// Background work for as long as the host runs. A loop that fails begins again and the operator is told:
/// no duty ends silently, and none ends the host.
/// </summary>
internal abstract partial class Duty(TimeProvider clock, Alarms alarms, ILogger logger)
    : BackgroundService
{
    // What is done for each number waits for its gateway.
    private const int AtOnce = 16;

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

    /// <summary>
    /// A loop that looks after each interval, also while it runs for what it found before: what is found again meanwhile is
    /// run again.
    /// </summary>
    protected Func<CancellationToken, Task> ForEachAfter<T>(
        TimeSpan interval,
        Func<CancellationToken, Task<IReadOnlyList<T>>> look,
        Func<T, Guid> idOf,
        Func<T, CancellationToken, Task> run
    )
    {
        return cancellationToken =>
            ForEachAsync(FindAsync(cancellationToken), idOf, run, cancellationToken);

        async IAsyncEnumerable<T> FindAsync(
            [EnumeratorCancellation] CancellationToken cancellationToken
        )
        {
            using var timer = new PeriodicTimer(interval, Clock);
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                foreach (var item in await look(cancellationToken))
                {
                    yield return item;
                }
            }
        }
    }

    /// <summary>Several at once: one that is slow holds no other up. One that fails is told of, and the others go on.</summary>
    protected Task ForEachAsync<T>(
        IEnumerable<T> items,
        Func<T, Guid> idOf,
        Func<T, CancellationToken, Task> run,
        CancellationToken cancellationToken
    ) => ForEachAsync(items.ToAsyncEnumerable(), idOf, run, cancellationToken);

    private Task ForEachAsync<T>(
        IAsyncEnumerable<T> items,
        Func<T, Guid> idOf,
        Func<T, CancellationToken, Task> run,
        CancellationToken cancellationToken
    ) =>
        Parallel.ForEachAsync(
            items,
            new ParallelOptions
            {
                MaxDegreeOfParallelism = AtOnce,
                CancellationToken = cancellationToken,
            },
            async (item, token) =>
            {
                try
                {
                    await run(item, token);
                }
                catch (Exception error) when (!token.IsCancellationRequested)
                {
                    TellOf(idOf(item), error);
                }
            }
        );

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

    private void TellOf(Guid id, Exception error)
    {
        if (Outage.IsPassing(error))
        {
            Log.Away(logger, GetType().Name, error.Message);
            return;
        }
        Log.FailedFor(logger, error, GetType().Name, id);
        Alarms.Raise(
            "duty_failed",
            $"{GetType().Name} failed for {id} and goes on with the others: {error.GetType().Name}."
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

        [LoggerMessage(
            Level = LogLevel.Error,
            Message = "{Duty} failed for {Id} and goes on with the others"
        )]
        public static partial void FailedFor(ILogger logger, Exception error, string duty, Guid id);
    }
}
