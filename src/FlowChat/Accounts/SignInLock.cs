using System.Security.Cryptography;
using System.Text;
using Dapper;
using FlowChat.Storage;

namespace FlowChat.Accounts;

/// <summary>
/// Locks an address after five failures in a row: one minute, then twice as long each time, up to fifteen. An address
/// that no one has is locked like any other.
/// </summary>
internal sealed class SignInLock(Database database, TimeProvider time)
{
    public const int AllowedFailures = 5;

    // An attempt counts as failed until it succeeds: a hundred at once are still no more than five guesses.
    private const string CountAttempt = """
        insert into sign_in_failures as f (email_hash, failures, last_at)
        values (@emailHash, 1, @now)
        on conflict (email_hash) do update
        set failures = f.failures + 1,
            last_at = @now,
            locked_until = case when f.failures + 1 >= @AllowedFailures then
              @now + least(interval '15 minutes', interval '1 minute' * 2 ^ least(f.failures + 1 - @AllowedFailures, 10))
            end
        where f.locked_until is null or f.locked_until <= @now
        returning failures
        """;

    private const string FindLock =
        "select locked_until from sign_in_failures where email_hash = @emailHash";

    private const string Forget = "delete from sign_in_failures where email_hash = @emailHash";

    /// <summary>Counts an attempt as failed; how long to wait when the address is locked, and nothing is counted.</summary>
    public async Task<TimeSpan?> TryAsync(string email, CancellationToken cancellationToken)
    {
        var emailHash = Hash(email);
        var now = time.GetUtcNow();
        await using var connection = await database.System.OpenConnectionAsync(cancellationToken);
        var failures = await connection.QuerySingleOrDefaultAsync<int?>(
            new CommandDefinition(
                CountAttempt,
                new
                {
                    emailHash,
                    now,
                    AllowedFailures,
                },
                cancellationToken: cancellationToken
            )
        );
        if (failures is not null)
            return null;

        var until = await connection.QuerySingleOrDefaultAsync<DateTime?>(
            new CommandDefinition(FindLock, new { emailHash }, cancellationToken: cancellationToken)
        );
        var wait = until - now.UtcDateTime ?? TimeSpan.Zero;
        return wait > TimeSpan.FromSeconds(1) ? wait : TimeSpan.FromSeconds(1);
    }

    public async Task ForgetAsync(string email, CancellationToken cancellationToken)
    {
        await using var connection = await database.System.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(
                Forget,
                new { emailHash = Hash(email) },
                cancellationToken: cancellationToken
            )
        );
    }

    private static byte[] Hash(string email) => SHA256.HashData(Encoding.UTF8.GetBytes(email));
}
