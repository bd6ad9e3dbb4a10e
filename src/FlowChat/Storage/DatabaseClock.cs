using Npgsql;

namespace FlowChat.Storage;

/// <summary>
/// PostgreSQL's time of day, in every process: what several machines write stands in the order in which it was written,
/// whatever their own clocks say. Between two looks it goes on by the machine's timer, which nobody sets.
/// </summary>
internal sealed class DatabaseClock(TimeProvider machine) : TimeProvider
{
    // It goes back for a clock that was set, and not for what differs from look to look.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(50);

    private volatile Look? _look;

    public override TimeZoneInfo LocalTimeZone => machine.LocalTimeZone;

    public override long TimestampFrequency => machine.TimestampFrequency;

    /// <summary>Until the first look, the machine's.</summary>
    public override DateTimeOffset GetUtcNow() =>
        _look is { } look ? look.Time + machine.GetElapsedTime(look.At) : machine.GetUtcNow();

    public override long GetTimestamp() => machine.GetTimestamp();

    public override ITimer CreateTimer(
        TimerCallback callback,
        object? state,
        TimeSpan dueTime,
        TimeSpan period
    ) => machine.CreateTimer(callback, state, dueTime, period);

    public async Task LookAsync(Database database, CancellationToken cancellationToken)
    {
        await using var connection = await database.System.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand("select clock_timestamp()", connection);
        var asked = machine.GetTimestamp();
        var answer = new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(cancellationToken))!);
        Follow(answer, machine.GetElapsedTime(asked));
    }

    /// <param name="answer">What the server's clock said.</param>
    /// <param name="took">From the question to the answer: by half of it the answer may be off.</param>
    internal void Follow(DateTimeOffset answer, TimeSpan took)
    {
        var time = answer + took / 2;
        if (_look is null || (time - GetUtcNow()).Duration() > took / 2 + Tolerance)
        {
            _look = new(time, machine.GetTimestamp());
        }
    }

    private sealed record Look(DateTimeOffset Time, long At);
}
