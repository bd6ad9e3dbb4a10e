using System.Collections.Concurrent;
using FlowChat.Settings;
using FlowChat.Storage;
using Npgsql;

namespace FlowChat.Instances;

/// <summary>Finds the instance that a webhook names, before its tenant is known.</summary>
internal sealed class InstanceDirectory(
    Database database,
    FlowChatSettings settings,
    TimeProvider clock
) : IDisposable
{
    private const string Find = """
        select tenant_id, gateway, instance_name,
               case when secret_rotated_at <= now() - make_interval(hours => $2)
                    then webhook_secret_hashes[1:1] else webhook_secret_hashes end,
               deleted_at is not null
        from instances where id = $1
        """;

    // Another node's change of a secret is seen after that; a secret that doesn't match is looked up at once.
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan UnknownLifetime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private const int MostUnknown = 10_000;
    private const int MostLookUps = 8;

    private readonly ConcurrentDictionary<Guid, (WebhookInstance Instance, long ReadAt)> _known =
        new();

    // Strangers can ask for any id: what is known of theirs stays small, and so does what they cost the database.
    private readonly ConcurrentDictionary<Guid, long> _unknown = new();
    private readonly SemaphoreSlim _lookUps = new(MostLookUps);

    /// <returns>Null = no such instance here.</returns>
    /// <exception cref="StorageUnavailableException">The database is away.</exception>
    /// <exception cref="LookUpsBusyException">Too many ids that aren't known here are asked for.</exception>
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
        if (
            _unknown.TryGetValue(id, out var unknownAt)
            && clock.GetElapsedTime(unknownAt) < UnknownLifetime
        )
        {
            return null;
        }
        if (!await _lookUps.WaitAsync(Patience, cancellationToken))
        {
            throw new LookUpsBusyException();
        }
        try
        {
            return await ReadAsync(id, cancellationToken);
        }
        finally
        {
            _lookUps.Release();
        }
    }

    public void Forget(Guid id) => _known.TryRemove(id, out _);

    public void Dispose() => _lookUps.Dispose();

    private async Task<WebhookInstance?> ReadAsync(Guid id, CancellationToken cancellationToken)
    {
        try
        {
            var readAt = clock.GetTimestamp();
            await using var command = database.System.CreateCommand(Find);
            command.Parameters.Add(SqlBatch.Value(id));
            command.Parameters.Add(SqlBatch.Value(settings.OldSecretHours));
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            if (!await row.ReadAsync(cancellationToken))
            {
                RememberUnknown(id, readAt);
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

    private void RememberUnknown(Guid id, long readAt)
    {
        if (_unknown.Count >= MostUnknown)
        {
            _unknown.Clear();
        }
        _unknown[id] = readAt;
    }
}

internal sealed class LookUpsBusyException : Exception;

/// <summary>What a webhook's check needs of its instance.</summary>
internal sealed record WebhookInstance(
    Guid Id,
    Guid TenantId,
    string Gateway,
    string? InstanceName,
    IReadOnlyList<byte[]> SecretHashes,
    bool IsDeleted
);
