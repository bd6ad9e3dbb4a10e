using Npgsql;

namespace FlowChat.Storage;

/// <summary>
/// PostgreSQL's time of day, in every process: what several machines write stands in the order in which it was written,
/// whatever their own clocks say. Between two looks it goes on by the machine's timer, which nobody sets.
/// </summary>
internal sealed class DatabaseClock(TimeProvider machine) : TimeProvider
{
    // The quickest answer counts: on a busy machine one may take long.
    private const int Questions = 3;

    // It goes back for a clock that was set, and not for what differs from look to look.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(5);

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
        for (var n = 0; n < Questions; n++)
        {
            var asked = machine.GetTimestamp();
            var answer = (DateTime)(await command.ExecuteScalarAsync(cancellationToken))!;
            Follow(new DateTimeOffset(answer), machine.GetElapsedTime(asked));
        }
    }

    /// <param name="answer">What the server's clock said.</param>
    /// <param name="took">From the question to the answer: by half of it the answer may be off.</param>
    internal void Follow(DateTimeOffset answer, TimeSpan took)
    {
        var next = new Look(answer + took / 2, machine.GetTimestamp(), took / 2);
        if (
            _look is not { } look
            || next.Error < look.Error / 2
            || (next.Time - GetUtcNow()).Duration() > next.Error + look.Error + Tolerance
        )
        {
            _look = next;
        }
    }

    private sealed record Look(DateTimeOffset Time, long At, TimeSpan Error);
}
