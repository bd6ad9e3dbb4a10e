using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using FlowChat.Instances;
using FlowChat.Storage;
using FlowChat.Storage.KeyRing;
using Npgsql;

namespace FlowChat.Inbound.Cloud;

/// <summary>The numbers of a Meta app: all of them call the address of one, and are signed with one secret.</summary>
internal sealed class CloudApps(Database database, SecretBox secrets, TimeProvider clock)
{
    // The one that the address names first; of two with one phone_number_id the one that is still there.
    private const string FindNumbers = """
        select id, phone_number_id, app_secret_encrypted, deleted_at is not null
        from instances
        where tenant_id = $1 and gateway = 'cloud' and phone_number_id is not null and app_secret_encrypted is not null
        order by id = $2 desc, deleted_at desc nulls first, created_at, id
        """;

    // Another node's change is seen after that; what doesn't match is looked up at once.
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<Guid, (CloudApp? App, long ReadAt)> _known = new();

    /// <param name="instance">The one that the address names.</param>
    /// <param name="fresh">As the rows are now.</param>
    /// <param name="cancellationToken">Meta hung up.</param>
    /// <returns>Null = its secret isn't known.</returns>
    /// <exception cref="StorageUnavailableException">The database, or the key that opens secrets, is away.</exception>
    public async ValueTask<CloudApp?> FindAsync(
        WebhookInstance instance,
        bool fresh,
        CancellationToken cancellationToken
    )
    {
        if (
            !fresh
            && _known.TryGetValue(instance.Id, out var known)
            && clock.GetElapsedTime(known.ReadAt) < Lifetime
        )
        {
            return known.App;
        }
        var readAt = clock.GetTimestamp();
        try
        {
            var app = Join(instance, await ReadAsync(instance, cancellationToken));
            _known[instance.Id] = (app, readAt);
            return app;
        }
        catch (Exception error) when (error is NpgsqlException or CryptographicException)
        {
            throw new StorageUnavailableException("The app's numbers can't be looked up.", error);
        }
    }

    private CloudApp? Join(WebhookInstance instance, IReadOnlyList<Row> rows)
    {
        if (rows.FirstOrDefault(row => row.Id == instance.Id) is not { } own)
        {
            return null;
        }
        var secret = secrets.Open(own.Secret);
        var bytes = Encoding.UTF8.GetBytes(secret);
        var numbers = new Dictionary<string, WebhookInstance>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            // Another app's numbers aren't its to speak for.
            var theirs = Encoding.UTF8.GetBytes(secrets.Open(row.Secret));
            if (CryptographicOperations.FixedTimeEquals(bytes, theirs))
            {
                numbers.TryAdd(
                    row.PhoneNumberId,
                    instance with
                    {
                        Id = row.Id,
                        IsDeleted = row.IsDeleted,
                    }
                );
            }
        }
        return new(secret, numbers);
    }

    private async Task<IReadOnlyList<Row>> ReadAsync(
        WebhookInstance instance,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.System.CreateCommand(FindNumbers);
        command.Parameters.Add(SqlBatch.Value(instance.TenantId));
        command.Parameters.Add(SqlBatch.Value(instance.Id));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<Row>();
        while (await row.ReadAsync(cancellationToken))
        {
            rows.Add(
                new(
                    row.GetGuid(0),
                    row.GetString(1),
                    row.GetFieldValue<byte[]>(2),
                    row.GetBoolean(3)
                )
            );
        }
        return rows;
    }

    private sealed record Row(Guid Id, string PhoneNumberId, byte[] Secret, bool IsDeleted);
}

/// <param name="Secret">What its webhooks are signed with.</param>
/// <param name="Numbers">Its numbers here, by Meta's phone_number_id.</param>
internal sealed record CloudApp(
    string Secret,
    IReadOnlyDictionary<string, WebhookInstance> Numbers
);
