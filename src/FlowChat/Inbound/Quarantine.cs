using System.Collections.Concurrent;
using System.Text.Json;
using FlowChat.Instances;
using FlowChat.Operations;
using FlowChat.Storage;
using Npgsql;

namespace FlowChat.Inbound;

/// <summary>Keeps what can't be parsed or stored, as bytes and with the reason. Nothing is dropped silently, but for a gateway's key.</summary>
internal sealed partial class Quarantine(
    Database database,
    TimeProvider clock,
    Alarms alarms,
    ILogger<Quarantine> logger
)
{
    // A gateway that speaks another language sends nothing else: one alarm stands for a minute of it.
    private static readonly TimeSpan AlarmInterval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<Guid, long> _alarmedAt = new();

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
                    new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = ApiKeys.Remove(body) },
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
        Alarm(instance.Id, reason);
        return new(0, 0, 0, 1);
    }

    /// <summary>An element that can't be written, for whatever reason.</summary>
    public Task<WebhookAnswer> KeepAsync(
        WebhookInstance instance,
        string? name,
        Exception error,
        JsonElement item,
        CancellationToken cancellationToken
    ) =>
        KeepAsync(
            instance,
            name,
            error switch
            {
                InboundFormatException => error.Message,
                PostgresException refused => $"It can't be stored: {refused.SqlState}",
                // A gap of ours. A 500 would only bring it again until the gateway gives it up.
                _ => $"It can't be handled: {error.GetType().Name}",
            },
            JsonSerializer.SerializeToUtf8Bytes(item),
            cancellationToken
        );

    public static string PackedAs(string coding) =>
        $"The body can't be unpacked: its Content-Encoding is {ShortText.Cut(coding)}; gzip, deflate and br are taken.";

    private void Alarm(Guid instanceId, string reason)
    {
        var now = clock.GetTimestamp();
        if (
            _alarmedAt.TryGetValue(instanceId, out var before)
                ? clock.GetElapsedTime(before, now) >= AlarmInterval
                    && _alarmedAt.TryUpdate(instanceId, now, before)
                : _alarmedAt.TryAdd(instanceId, now)
        )
        {
            alarms.Raise(
                "webhook_quarantined",
                $"Webhooks of instance {instanceId} can't be taken in and are kept aside: {reason}"
            );
        }
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
