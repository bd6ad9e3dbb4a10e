using FlowChat.Media.Store;
using FlowChat.Storage;

namespace FlowChat.Media;

/// <summary>Removes what a killed process left in the store: bytes that were saved, and that no row came to name.</summary>
internal sealed class OrphanedMedia(
    Database database,
    IMediaStore store,
    MediaLibrary library,
    TimeProvider clock
)
{
    private const string Tenants = "select id from tenants";

    // The store is listed in parts, by the first two digits of the hash: a few at a time, all of them within a day.
    private const int Parts = 256,
        PartsAtOnce = 2;

    private const int Slice = 500;

    /// <summary>How often <see cref="RunOnceAsync"/> is called.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    // Bytes come before their row; never so long before.
    private static readonly TimeSpan Age = TimeSpan.FromDays(1);

    /// <returns>How many were removed.</returns>
    /// <exception cref="MediaStoreException">The store is away.</exception>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var turn = clock.GetUtcNow().Ticks / Interval.Ticks * PartsAtOnce % Parts;
        var removed = 0;
        for (var part = turn; part < turn + PartsAtOnce; part++)
        {
            removed += await RemoveAsync($"{part:x2}", cancellationToken);
        }
        return removed;
    }

    /// <summary>Those whose hashes begin so.</summary>
    public async Task<int> RemoveAsync(string prefix, CancellationToken cancellationToken)
    {
        var removed = 0;
        foreach (var tenantId in await FindTenantsAsync(cancellationToken))
        {
            var old = store
                .ListAsync(tenantId, prefix, cancellationToken)
                .Where(stored => stored.SavedAt < clock.GetUtcNow() - Age)
                .Select(stored => stored.Sha256)
                .Chunk(Slice);
            await foreach (var hashes in old.WithCancellation(cancellationToken))
            {
                removed += await RemoveUnnamedAsync(tenantId, hashes, cancellationToken);
            }
        }
        return removed;
    }

    private async Task<int> RemoveUnnamedAsync(
        Guid tenantId,
        string[] hashes,
        CancellationToken cancellationToken
    )
    {
        var unnamed = await library.FindUnnamedAsync(tenantId, hashes, cancellationToken);
        foreach (var sha256 in unnamed)
        {
            await library.RemoveUnnamedAsync(tenantId, sha256, cancellationToken);
        }
        return unnamed.Count;
    }

    private async Task<List<Guid>> FindTenantsAsync(CancellationToken cancellationToken)
    {
        var tenants = new List<Guid>();
        await using var connection = await database.Migrator.OpenConnectionAsync(cancellationToken);
        await using var batch = new SqlBatch(connection);
        batch.Read(Tenants, row => tenants.Add(row.GetGuid(0)));
        await batch.RunAsync(cancellationToken);
        return tenants;
    }
}
