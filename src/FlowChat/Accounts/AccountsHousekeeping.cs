using Dapper;
using FlowChat.Operations;
using FlowChat.Storage;

namespace FlowChat.Accounts;

/// <summary>Removes ended sessions and forgotten sign-in failures, once an hour.</summary>
internal sealed class AccountsHousekeeping(
    Database database,
    TimeProvider time,
    Alarms alarms,
    ILogger<AccountsHousekeeping> logger
) : Duty(time, alarms, logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>How long an address stays suspect after its last failure.</summary>
    private static readonly TimeSpan FailuresKept = TimeSpan.FromDays(1);

    private const string RemoveSessions = "delete from sessions where expires_at <= @now";
    private const string RemoveFailures =
        "delete from sign_in_failures where last_at <= @forgotten";

    public async Task<(int Sessions, int Failures)> RunOnceAsync(
        CancellationToken cancellationToken
    )
    {
        var now = Clock.GetUtcNow();
        var forgotten = now - FailuresKept;
        await using var connection = await database.System.OpenConnectionAsync(cancellationToken);
        var sessions = await connection.ExecuteAsync(
            new CommandDefinition(RemoveSessions, new { now }, cancellationToken: cancellationToken)
        );
        var failures = await connection.ExecuteAsync(
            new CommandDefinition(
                RemoveFailures,
                new { forgotten },
                cancellationToken: cancellationToken
            )
        );
        return (sessions, failures);
    }

    protected override IReadOnlyList<Func<CancellationToken, Task>> Loops =>
        [Every(Interval, RunOnceAsync)];
}
