using System.Collections.Concurrent;
using FlowChat.Storage;
using Npgsql;

namespace FlowChat.Instances;

/// <summary>Finds the instance that a webhook names, before its tenant is known.</summary>
internal sealed class InstanceDirectory(Database database, TimeProvider clock)
{
    private const string Find = """
        select tenant_id, gateway, instance_name, webhook_secret_hashes, deleted_at is not null from instances where id = $1
        """;

    // Another node's change of a secret is seen after that; a secret that doesn't match is looked up at once.
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<Guid, (WebhookInstance Instance, long ReadAt)> _known =
        new();

    /// <returns>Null = no such instance here.</returns>
    /// <exception cref="StorageUnavailableException">The database is away.</exception>
    public async ValueTask<WebhookInstance?> FindAsync(
        Guid id,
        bool fresh,
        CancellationToken cancellationToken
    )
    {
        if (
            !fresh
            && _known.TryGetValue(id, out var known)
            && clock.GetElapsedTime(known.ReadAt) < Lifetime
        )
        {
            return known.Instance;
        }
        try
        {
            var readAt = clock.GetTimestamp();
            await using var command = database.System.CreateCommand(Find);
            command.Parameters.Add(SqlBatch.Value(id));
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            if (!await row.ReadAsync(cancellationToken))
            {
                return null;
            }
            var instance = new WebhookInstance(
                id,
                row.GetGuid(0),
                row.GetString(1),
                row.TextOrNull(2),
                row.GetFieldValue<byte[][]>(3),
                row.GetBoolean(4)
            );
            _known[id] = (instance, readAt);
            return instance;
        }
        catch (NpgsqlException error)
        {
            throw new StorageUnavailableException("The instance can't be looked up.", error);
        }
    }

    public void Forget(Guid id) => _known.TryRemove(id, out _);
}

/// <summary>What a webhook's check needs of its instance.</summary>
internal sealed record WebhookInstance(
    Guid Id,
    Guid TenantId,
    string Gateway,
    string? InstanceName,
    IReadOnlyList<byte[]> SecretHashes,
    bool IsDeleted
);
