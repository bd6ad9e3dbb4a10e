using FlowChat.Instances;
using FlowChat.Storage;
using Npgsql;

namespace FlowChat.Inbound;

/// <summary>Keeps what can't be parsed or stored, as bytes and with the reason. Nothing is dropped silently.</summary>
internal sealed partial class Quarantine(Database database, ILogger<Quarantine> logger)
{
    private const string Insert =
        "insert into quarantine (id, instance_id, event, reason, body) values ($1, $2, $3, $4, $5)";

    public async Task<WebhookAnswer> KeepAsync(
        WebhookInstance instance,
        string? name,
        string reason,
        ReadOnlyMemory<byte> body,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await using var transaction = await database.BeginAsync(
                instance.TenantId,
                cancellationToken
            );
            await using var command = new NpgsqlCommand(
                Insert,
                transaction.Connection,
                transaction.Transaction
            )
            {
                Parameters =
                {
                    new() { Value = Guid.CreateVersion7() },
                    new() { Value = instance.Id },
                    new() { Value = name is null ? DBNull.Value : StorableText.Clean(name) },
                    new() { Value = StorableText.Clean(reason) },
                    new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = body },
                },
            };
            await command.ExecuteNonQueryAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (NpgsqlException error)
        {
            throw new StorageUnavailableException("The quarantine can't be written.", error);
        }
        Log.Kept(logger, instance.Id, reason);
        return new(0, 0, 0, 1);
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "A webhook of instance {InstanceId} was quarantined: {Reason}"
        )]
        public static partial void Kept(ILogger logger, Guid instanceId, string reason);
    }
}
