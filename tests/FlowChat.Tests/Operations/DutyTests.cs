using System.Collections.Concurrent;
using FlowChat.Operations;
using FlowChat.Queues;
using FlowChat.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace FlowChat.Tests.Operations;

/// <summary>Background work that meets an error that it doesn't know.</summary>
public sealed class DutyTests : IAsyncDisposable
{
    private readonly HastyClock _clock = new();
    private readonly Alarms _alarms = new(TimeProvider.System, NullLogger<Alarms>.Instance);
    private IHost? _host;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<Exception> Outages =>
        [
            Refusal(PostgresErrorCodes.AdminShutdown),
            new NpgsqlException("The connection is broken"),
            new StorageUnavailableException("The database is away."),
            new QueueUnavailableException("Redis is away."),
        ];

    [Fact(Timeout = 60_000)]
    public async Task It_begins_again_a_little_later_each_time_beside_the_others_and_tells_of_each()
    {
        var other = new TaskCompletionSource();
        var begun = await RunAsync(6, _ => throw new InvalidTimeZoneException(), other.Task);

        Assert.Equal(6, begun);
        Assert.Equal([1, 2, 4, 5, 5], _clock.Pauses.Take(5).Select(pause => pause.TotalSeconds));
        Assert.Equal(5, _alarms.Recent.Count);
        Assert.All(
            _alarms.Recent,
            alarm =>
                Assert.Equal(
                    ("duty_failed", "Restless failed and begins again: InvalidTimeZoneException."),
                    (alarm.Code, alarm.Text)
                )
        );
    }

    [Fact(Timeout = 60_000)]
    public async Task A_loop_that_ends_by_itself_is_begun_again_too()
    {
        var begun = await RunAsync(2, _ => Task.CompletedTask);

        Assert.Equal(2, begun);
        Assert.Equal("duty_failed", Assert.Single(_alarms.Recent).Code);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_statement_that_the_database_refuses_is_no_outage()
    {
        await RunAsync(2, _ => throw Refusal(PostgresErrorCodes.UndefinedTable));

        Assert.Single(_alarms.Recent);
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Outages))]
    public async Task A_server_that_is_away_is_waited_for_without_an_alarm(Exception outage)
    {
        await RunAsync(3, _ => throw outage);

        Assert.Empty(_alarms.Recent);
    }

    [Fact(Timeout = 60_000)]
    public async Task One_that_is_slow_or_fails_holds_neither_the_others_nor_the_next_look_up()
    {
        var (slow, broken, later) = (
            Guid.CreateVersion7(),
            Guid.CreateVersion7(),
            Guid.CreateVersion7()
        );
        var looks = new Queue<Guid[]>([
            [slow, broken],
            [later],
        ]);
        var reached = new TaskCompletionSource();

        await StartAsync(
            new Watchful(
                _clock,
                _alarms,
                () => looks.TryDequeue(out var found) ? found : [],
                (id, ct) =>
                {
                    if (id == broken)
                    {
                        throw new InvalidTimeZoneException();
                    }
                    if (id == later)
                    {
                        reached.TrySetResult();
                    }
                    return id == slow ? Task.Delay(Timeout.Infinite, ct) : Task.CompletedTask;
                }
            )
        );
        await reached.Task.WaitAsync(Ct);
        await _host!.StopAsync(Ct);

        Assert.Equal(
            $"Watchful failed for {broken} and goes on with the others: InvalidTimeZoneException.",
            Assert.Single(_alarms.Recent).Text
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.StopAsync(Ct);
            _host.Dispose();
        }
        _alarms.Dispose();
    }

    /// <returns>How often it has begun; the last time it stays.</returns>
    private async Task<int> RunAsync(
        int times,
        Func<CancellationToken, Task> fails,
        Task? other = null
    )
    {
        var begun = 0;
        var done = new TaskCompletionSource();
        var duty = new Restless(
            _clock,
            _alarms,
            ct =>
            {
                if (++begun < times)
                {
                    return fails(ct);
                }
                done.TrySetResult();
                return Task.Delay(Timeout.Infinite, ct);
            },
            ct => (other ?? new TaskCompletionSource().Task).WaitAsync(ct)
        );
        await StartAsync(duty);
        await done.Task.WaitAsync(Ct);
        var lifetime = _host!.Services.GetRequiredService<IHostApplicationLifetime>();
        Assert.False(lifetime.ApplicationStopping.IsCancellationRequested);
        return begun;
    }

    private async Task StartAsync(Duty duty)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddHostedService(_ => duty);
        _host = builder.Build();
        await _host.StartAsync(Ct);
    }

    private static PostgresException Refusal(string code) => new("refused", "FATAL", "FATAL", code);

    private sealed class Restless(
        TimeProvider clock,
        Alarms alarms,
        params Func<CancellationToken, Task>[] loops
    ) : Duty(clock, alarms, NullLogger.Instance)
    {
        protected override IReadOnlyList<Func<CancellationToken, Task>> Loops => loops;
    }

    private sealed class Watchful(
        TimeProvider clock,
        Alarms alarms,
        Func<IReadOnlyList<Guid>> look,
        Func<Guid, CancellationToken, Task> run
    ) : Duty(clock, alarms, NullLogger.Instance)
    {
        protected override IReadOnlyList<Func<CancellationToken, Task>> Loops =>
            [
                ForEachAfter(
                    TimeSpan.FromMilliseconds(1),
                    _ => Task.FromResult(look()),
                    id => id,
                    run
                ),
            ];
    }

    /// <summary>Says how long a wait should be, and ends it at once.</summary>
    private sealed class HastyClock : TimeProvider
    {
        public ConcurrentQueue<TimeSpan> Pauses { get; } = new();

        public override ITimer CreateTimer(
            TimerCallback callback,
            object? state,
            TimeSpan dueTime,
            TimeSpan period
        )
        {
            if (dueTime >= TimeSpan.Zero)
            {
                Pauses.Enqueue(dueTime);
            }
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
