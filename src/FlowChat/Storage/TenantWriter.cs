using System.Collections.Concurrent;
using FlowChat.Contacts;
using FlowChat.Live;
using FlowChat.Queues.Postgres;
using FlowChat.Settings;
using Npgsql;

namespace FlowChat.Storage;

/// <summary>
/// The one door for changes of messages, conversations, contacts and instances; users have <see cref="Accounts.UserWriter"/>.
/// The changes of a tenant queue up while its previous commit runs, and are then committed together; each caller gets its
/// own answer.
/// </summary>
internal sealed partial class TenantWriter(
    Database database,
    JobLedger ledger,
    LiveSignal live,
    FlowChatSettings settings,
    TimeProvider clock,
    ILogger<TenantWriter> logger
) : IDisposable
{
    private const int MaxBatch = 256;

    // Beyond it the database can't follow: the caller is told so, and comes back.
    private const int MaxWaiting = 20_000;
    private const int MaxTries = 4;

    private readonly TenantBatch _batch = new(database, ledger, clock);
    private readonly JoinContacts _join = new(database);

    // With a commit for every tenant at once, each would be small and dear: while one waits its turn its batch grows.
    private readonly SemaphoreSlim _turns = new(settings.Commits);
    private readonly ConcurrentDictionary<Guid, TenantLine> _lines = new();

    /// <exception cref="StorageUnavailableException">Not committed, or not known to be: the same change may be written again.</exception>
    public async Task<T> WriteAsync<T>(
        Guid tenantId,
        TenantChange<T> change,
        CancellationToken cancellationToken
    )
    {
        var pending = new PendingChange<T>(change);
        var line = _lines.GetOrAdd(tenantId, _ => new());
        switch (line.Add(pending, MaxWaiting))
        {
            case TenantLine.Added.Full:
                throw new StorageUnavailableException("Too many changes wait for the database.");
            case TenantLine.Added.First:
                _ = Task.Run(() => RunAsync(tenantId, line), CancellationToken.None);
                break;
        }
        return await pending.Result.WaitAsync(cancellationToken);
    }

    public void Dispose() => _turns.Dispose();

    private async Task RunAsync(Guid tenantId, TenantLine line)
    {
        while (await CommitNextAsync(tenantId, line)) { }
    }

    private async Task<bool> CommitNextAsync(Guid tenantId, TenantLine line)
    {
        await _turns.WaitAsync(CancellationToken.None);
        try
        {
            if (!line.TryTake(MaxBatch, out var changes))
            {
                return false;
            }
            try
            {
                await CommitAsync(tenantId, changes);
            }
            catch (Exception error)
            {
                // Whatever went wrong, the tenant's next changes are committed.
                Log.Lost(logger, error);
                FailAll(changes, error);
            }
            return true;
        }
        finally
        {
            _turns.Release();
        }
    }

    private async Task CommitAsync(Guid tenantId, IReadOnlyList<PendingChange> changes)
    {
        ContactsApartException? apart = null;
        for (var attempt = 1; ; )
        {
            try
            {
                if (apart is not null)
                {
                    Announce(
                        tenantId,
                        await _join.RunAsync(tenantId, apart, CancellationToken.None)
                    );
                    apart = null;
                }
                var commit = await _batch.CommitAsync(tenantId, changes, CancellationToken.None);
                Succeed(tenantId, changes, commit);
                return;
            }
            // Each join leaves one contact less: the batch is repeated until one remains.
            catch (ContactsApartException found) when (found.AreCommitted)
            {
                apart = found;
            }
            catch (ContactGoneException)
            {
                // Another node joined it: the repeated batch finds the kept one.
            }
            // Two nodes made the same row, or locked in each other's way: the repeated batch finds it.
            catch (Exception error) when (IsRace(error) && attempt < MaxTries)
            {
                attempt++;
            }
            catch (Exception error) when (IsUnavailable(error))
            {
                Log.Unavailable(logger, error, changes.Count);
                FailAll(changes, new StorageUnavailableException("The database is away.", error));
                return;
            }
            catch (Exception error) when (changes.Count == 1)
            {
                changes[0].Fail(error);
                return;
            }
            catch (Exception error)
            {
                // A worker that slept past its lease is expected; its own log says so.
                if (!JobLedger.IsLeaseLost(error))
                {
                    Log.OneByOne(logger, error, changes.Count);
                }
                foreach (var change in changes)
                {
                    await CommitAsync(tenantId, [change]);
                }
                return;
            }
        }
    }

    private void Succeed(Guid tenantId, IReadOnlyList<PendingChange> changes, BatchCommit commit)
    {
        foreach (var change in changes)
        {
            change.Succeed();
        }
        Announce(tenantId, commit);
    }

    private void Announce(Guid tenantId, BatchCommit commit)
    {
        if (commit.LastSeq is { } seq)
        {
            live.Appended(tenantId, seq);
        }
        if (commit.Wakes.Count > 0)
        {
            ledger.AfterCommit(commit.Wakes);
        }
    }

    private static void FailAll(IReadOnlyList<PendingChange> changes, Exception error)
    {
        foreach (var change in changes)
        {
            change.Fail(error);
        }
    }

    private static bool IsRace(Exception error) =>
        error
            is LockMissedException
                or PostgresException
                {
                    SqlState: PostgresErrorCodes.UniqueViolation
                        // What a row names went meanwhile.
                        or PostgresErrorCodes.ForeignKeyViolation
                        or PostgresErrorCodes.DeadlockDetected
                        or PostgresErrorCodes.SerializationFailure
                };

    internal static bool IsUnavailable(Exception error) =>
        error switch
        {
            // Shutting down, starting up, crashed, out of connections, out of disk: it comes back, the change is no worse for it.
            PostgresException postgres => postgres.SqlState[..2]
                is "08"
                    or "25"
                    or "40"
                    or "42"
                    or "53"
                    or "55"
                    or "57"
                    or "58",
            NpgsqlException or TimeoutException or ObjectDisposedException or LockMissedException =>
                true,
            _ => false,
        };

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "The database is away: {Count} changes were not committed"
        )]
        public static partial void Unavailable(ILogger logger, Exception error, int count);

        [LoggerMessage(Level = LogLevel.Error, Message = "A batch ended in an error of its own")]
        public static partial void Lost(ILogger logger, Exception error);

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "A batch of {Count} changes failed and is committed one by one"
        )]
        public static partial void OneByOne(ILogger logger, Exception error, int count);
    }
}

/// <summary>The database can't take a change now. Nothing is wrong with the change.</summary>
public sealed class StorageUnavailableException : Exception
{
    public StorageUnavailableException(string message)
        : base(message) { }

    public StorageUnavailableException(string message, Exception inner)
        : base(message, inner) { }
}
