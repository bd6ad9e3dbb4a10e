using FlowChat.Operations;

namespace FlowChat.Storage;

/// <summary>Looks at the database's clock again and again: it may be set, and timers drift.</summary>
internal sealed class DatabaseClockWatch(
    Database database,
    DatabaseClock clock,
    Alarms alarms,
    ILogger<DatabaseClockWatch> logger
) : Duty(clock, alarms, logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    protected override IReadOnlyList<Func<CancellationToken, Task>> Loops =>
        [Every(Interval, cancellationToken => clock.LookAsync(database, cancellationToken))];
}
