using System.Threading.Channels;
using FlowChat.Queues.Tests.Ledger;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace FlowChat.Queues.Tests;

/// <summary>What a worker owes its host, whatever its server and its handlers do.</summary>
public sealed class QueueWorkerTests : IAsyncDisposable
{
    private readonly MemoryBrokerServer server = new();
    private readonly QueueMetrics metrics = new();
    private readonly QueueOptions options = new()
    {
        Name = "work",
        Concurrency = 2,
        PrefetchTime = TimeSpan.FromSeconds(1),
        PollInterval = TimeSpan.FromMinutes(1),
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        metrics.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_stop_ends_while_the_server_is_away_however_much_was_fetched_ahead()
    {
        var (quick, stuck) = (NewSignal(), NewSignal());
        await using var worker = Worker(
            async (_, _, ct) =>
            {
                // The first shows that handlers are quick, so that the next hundreds are fetched ahead.
                if (quick.TrySetResult())
                    return JobOutcome.Done;
                stuck.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
                return JobOutcome.Done;
            }
        );
        await worker.StartAsync(Ct);
        Add(1);
        await quick.Task.WaitAsync(QueueBed.Soon, Ct);
        Add(500);
        await stuck.Task.WaitAsync(QueueBed.Soon, Ct);
        server.Away = true;

        await worker.StopAsync(TimeSpan.Zero).WaitAsync(3 * QueueBed.Soon, Ct);
    }

    [Fact]
    public async Task Stops_that_come_at_once_are_one()
    {
        using var clock = new HeldClock();
        await using var worker = Worker((_, _, _) => new(JobOutcome.Done), time: clock);
        Task? later = null;
        var second = new Thread(() => later = worker.StopAsync(TimeSpan.Zero));

        var first = Task.Factory.StartNew(
            () => worker.StopAsync(TimeSpan.Zero),
            Ct,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
        await clock.Entered.WaitAsync(QueueBed.Soon, Ct);
        second.Start();
        await UntilAsync(() =>
            second.ThreadState is ThreadState.WaitSleepJoin or ThreadState.Stopped
        );
        clock.Release();
        second.Join();

        await (await first).WaitAsync(QueueBed.Soon, Ct);
        await later!.WaitAsync(QueueBed.Soon, Ct);
    }

    [Fact]
    public async Task What_a_handler_hangs_on_its_token_can_not_keep_others_from_being_handed_back()
    {
        var started = new SemaphoreSlim(0);
        await using var worker = Worker(
            async (_, _, ct) =>
            {
                await using var broken = ct.Register(() =>
                    throw new InvalidOperationException("broken")
                );
                started.Release();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
                return JobOutcome.Done;
            }
        );
        await worker.StartAsync(Ct);
        Add(2);
        for (var n = 0; n < 2; n++)
            Assert.True(await started.WaitAsync(QueueBed.Soon, Ct));

        await worker.StopAsync(TimeSpan.Zero).WaitAsync(QueueBed.Soon, Ct);

        Assert.Equal((2, 0), (server.Measure("work").Waiting, server.Measure("work").Active));
    }

    [Fact]
    public async Task A_handler_that_was_fenced_off_is_told_in_one_line_and_settles_nothing()
    {
        var said = new Lines();
        await using var worker = Worker(
            (_, _, _) => throw new PostgresException("lost", "ERROR", "ERROR", "FQ001"),
            said
        );
        await worker.StartAsync(Ct);
        Add(1);

        var (line, error) = await said
            .Written.Reader.ReadAsync(Ct)
            .AsTask()
            .WaitAsync(QueueBed.Soon, Ct);

        Assert.Contains("was taken over", line, StringComparison.Ordinal);
        Assert.Null(error);
        Assert.Equal(1, server.Measure("work").Active);
    }

    [Fact]
    public async Task It_is_at_work_while_it_waits_or_holds_a_job_and_not_while_its_server_is_away()
    {
        var (held, release) = (NewSignal(), NewSignal());
        options.PollInterval = TimeSpan.FromMilliseconds(20);
        await using var worker = Worker(
            async (_, _, _) =>
            {
                held.TrySetResult();
                await release.Task;
                return JobOutcome.Done;
            }
        );
        await worker.StartAsync(Ct);
        Assert.True(worker.IsAtWork);

        server.Away = true;
        await UntilAsync(() => !worker.IsAtWork);
        server.Away = false;
        await UntilAsync(() => worker.IsAtWork);
        Add(1);
        await held.Task.WaitAsync(QueueBed.Soon, Ct);
        server.Away = true;
        var stopping = worker.StopAsync(QueueBed.Soon);
        Assert.True(worker.IsAtWork);
        server.Away = false;
        release.SetResult();
        await stopping;

        Assert.False(worker.IsAtWork);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(QueueBed.Soon);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!condition())
            await timer.WaitForNextTickAsync(limit.Token);
    }

    private QueueWorker Worker(
        JobDelegate handler,
        ILogger<QueueWorker>? log = null,
        TimeProvider? time = null
    ) =>
        new(
            new MemoryBroker(server),
            options,
            handler,
            time ?? TimeProvider.System,
            metrics,
            log ?? NullLogger<QueueWorker>.Instance
        );

    private void Add(int count) =>
        server.Add([
            .. Enumerable
                .Range(0, count)
                .Select(_ => new Job { Queue = "work", Payload = default }),
        ]);

    private static TaskCompletionSource NewSignal() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Lines : ILogger<QueueWorker>
    {
        public Channel<(string Line, Exception? Error)> Written { get; } =
            Channel.CreateUnbounded<(string, Exception?)>();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Written.Writer.TryWrite((formatter(state, exception), exception));
    }

    /// <summary>Whoever sets a timer anew, as a stop does near its end, is held.</summary>
    private sealed class HeldClock : TimeProvider, IDisposable
    {
        private readonly TaskCompletionSource entered = NewSignal();
        private readonly ManualResetEventSlim released = new();

        public Task Entered => entered.Task;

        public void Release() => released.Set();

        public void Dispose() => released.Dispose();

        public override ITimer CreateTimer(
            TimerCallback callback,
            object? state,
            TimeSpan dueTime,
            TimeSpan period
        ) => new Held(this, System.CreateTimer(callback, state, dueTime, period));

        private sealed class Held(HeldClock clock, ITimer timer) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                clock.entered.TrySetResult();
                clock.released.Wait(QueueBed.Soon);
                return timer.Change(dueTime, period);
            }

            public void Dispose() => timer.Dispose();

            public ValueTask DisposeAsync() => timer.DisposeAsync();
        }
    }
}
