using FlowChat.Media.Store;
using FlowChat.Storage;

namespace FlowChat.Media;

/// <summary>
/// The store and the rows that name its bytes. Bytes come before their row and go after it; a lock on their hash keeps who
/// writes a row from meeting who removes the bytes.
/// </summary>
internal sealed class MediaLibrary(Database database, IMediaStore store, MediaStoreAlarm alarm)
{
    private const string Hash = "hashtextextended(current_tenant()::text || $1, 1)";

    // While the lock is held the store works, which may take longer than a transaction may else wait for its client.
    private const string Patiently =
        "select set_config('idle_in_transaction_session_timeout', '10min', true), ";
    private const string Share = Patiently + "pg_advisory_xact_lock_shared(" + Hash + ")";
    private const string Own = Patiently + "pg_advisory_xact_lock(" + Hash + ")";

    private const string Unnamed = """
        select hash from unnest($1::text[]) as h (hash)
        where not exists (select from attachments where sha256 = hash)
          and not exists (select from contacts where picture_sha256 = hash)
          and not exists (select from groups where picture_sha256 = hash)
        """;

    private const string DeleteUnsent =
        "delete from attachments where id = $1 and message_id is null returning id";

    /// <summary>Saves the bytes. Until the answer is disposed nobody removes them: write the row that names them before.</summary>
    /// <exception cref="MediaStoreException">The store can't take them now.</exception>
    public async Task<MediaHold> KeepAsync(
        Guid tenantId,
        SpooledFile file,
        CancellationToken cancellationToken
    )
    {
        // Before the lock: it holds a connection, and a large file takes its time.
        await store.SaveAsync(tenantId, file, cancellationToken);
        var transaction = await database.BeginAsync(tenantId, cancellationToken);
        try
        {
            await LockAsync(transaction, Share, file.Sha256, cancellationToken);
            if (!await store.ExistsAsync(tenantId, file.Sha256, cancellationToken))
            {
                await store.SaveAsync(tenantId, file, cancellationToken);
            }
            alarm.Saved();
            return new(transaction, file.Sha256);
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    /// <summary>Removes an upload that was never sent, and its bytes when no other row names them.</summary>
    /// <returns>False = it has been sent meanwhile.</returns>
    /// <exception cref="MediaStoreException">The store is away.</exception>
    public async Task<bool> RemoveUnsentAsync(
        Guid tenantId,
        Guid attachmentId,
        string sha256,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await database.BeginAsync(tenantId, cancellationToken);
        await LockAsync(transaction, Own, sha256, cancellationToken);
        var removed = await transaction.ReadAsync(
            DeleteUnsent,
            [SqlBatch.Value(attachmentId)],
            row => row.GetGuid(0),
            cancellationToken
        );
        if (removed.Count == 0)
        {
            return false;
        }
        await DeleteUnnamedAsync(transaction, tenantId, sha256, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Removes bytes that no row names any more.</summary>
    /// <exception cref="MediaStoreException">The store is away.</exception>
    public async Task RemoveUnnamedAsync(
        Guid tenantId,
        string sha256,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await database.BeginAsync(tenantId, cancellationToken);
        await LockAsync(transaction, Own, sha256, cancellationToken);
        await DeleteUnnamedAsync(transaction, tenantId, sha256, cancellationToken);
    }

    /// <summary>Those among the hashes that no row names now.</summary>
    public async Task<IReadOnlyList<string>> FindUnnamedAsync(
        Guid tenantId,
        IReadOnlyList<string> hashes,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await database.BeginAsync(tenantId, cancellationToken);
        return await FindUnnamedAsync(transaction, hashes, cancellationToken);
    }

    private async Task DeleteUnnamedAsync(
        TenantTransaction transaction,
        Guid tenantId,
        string sha256,
        CancellationToken cancellationToken
    )
    {
        if (await FindUnnamedAsync(transaction, [sha256], cancellationToken) is [_])
        {
            await store.DeleteAsync(tenantId, sha256, cancellationToken);
        }
    }

    private static Task<List<string>> FindUnnamedAsync(
        TenantTransaction transaction,
        IReadOnlyList<string> hashes,
        CancellationToken cancellationToken
    ) =>
        transaction.ReadAsync(
            Unnamed,
            [SqlBatch.Value(hashes.ToArray())],
            row => row.GetString(0),
            cancellationToken
        );

    private static Task<List<bool>> LockAsync(
        TenantTransaction transaction,
        string sql,
        string sha256,
        CancellationToken cancellationToken
    ) => transaction.ReadAsync(sql, [SqlBatch.Value(sha256)], _ => true, cancellationToken);
}

/// <summary>Bytes in the store that stay there until this is disposed.</summary>
internal sealed class MediaHold(TenantTransaction transaction, string sha256) : IAsyncDisposable
{
    public string Sha256 { get; } = sha256;

    /// <summary>For a row that no inbox sees; others are written through the tenant's writer meanwhile.</summary>
    public TenantTransaction Transaction { get; } = transaction;

    public ValueTask DisposeAsync() => Transaction.DisposeAsync();
}
