using System.Globalization;
using System.Text.Json;
using FlowChat.Gateways.Evolution;
using FlowChat.Instances;
using FlowChat.Settings;
using FlowChat.Storage;

namespace FlowChat.Inbound.Evolution;

/// <summary>
/// What a gateway keeps of a number's messages. Its webhooks' retries live in its memory: a gateway that is restarted
/// forgets them, and not the messages.
/// </summary>
internal sealed partial class EvolutionHistory(
    EvolutionCalls calls,
    TenantWriter writer,
    FlowChatSettings settings,
    TimeProvider clock,
    ILogger<EvolutionHistory> logger
)
{
    private const int PageSize = 100;
    private const int MostPages = 50;

    public static bool Has(Instance instance) => instance.Gateway == "evolution";

    /// <summary>Takes in what isn't here yet. Null = the gateway doesn't tell.</summary>
    /// <returns>How many messages and receipts were missing.</returns>
    public async Task<int?> FillAsync(
        Guid tenantId,
        Instance instance,
        DateTimeOffset since,
        CancellationToken cancellationToken
    )
    {
        if (await ReadAsync(instance, since, cancellationToken) is not { } records)
        {
            return null;
        }
        // Oldest first, and all queued before the first is awaited: they share commits and keep their order.
        records.Reverse();
        var writes = records
            .Select(record => Read(instance.Id, record))
            .OfType<TenantChange<Received>>()
            .Select(change => writer.WriteAsync(tenantId, change, cancellationToken))
            .ToList();
        var missing = (await Task.WhenAll(writes)).Count(received => received == Received.Accepted);
        if (missing > 0)
        {
            Log.Filled(logger, instance.Id, missing);
        }
        return missing;
    }

    /// <summary>Newest first, as far back as is asked for; some releases don't look at the range.</summary>
    private async Task<List<JsonElement>?> ReadAsync(
        Instance instance,
        DateTimeOffset since,
        CancellationToken cancellationToken
    )
    {
        var records = new List<JsonElement>();
        for (var page = 1; page <= MostPages; page++)
        {
            var reply = await calls.CallAsync(
                EvolutionRequest.Post(instance, "chat/findMessages", Question(since, page)),
                settings.GatewayTimeout,
                cancellationToken
            );
            if (!reply.IsDone || reply.Json?.Child("messages") is not { } messages)
            {
                return null;
            }
            var found = messages.List("records").ToList();
            records.AddRange(
                found.Where(record => record.Long("messageTimestamp") >= since.ToUnixTimeSeconds())
            );
            if (
                found.Count < PageSize
                || found[^1].Long("messageTimestamp") < since.ToUnixTimeSeconds()
            )
            {
                break;
            }
        }
        return records;
    }

    private object Question(DateTimeOffset since, int page) =>
        new
        {
            Where = new
            {
                MessageTimestamp = new
                {
                    Gte = Text(since),
                    Lte = Text(clock.GetUtcNow().AddDays(1)),
                },
            },
            Page = page,
            // Evolution's word for the size of a page.
            Offset = PageSize,
        };

    private static string Text(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    // What can't be read came, or comes, by webhook as well, and is kept from there.
    private TenantChange<Received>? Read(Guid instanceId, JsonElement record)
    {
        try
        {
            return EvolutionMessage.Read(instanceId, record, isEcho: false, clock.GetStorableNow());
        }
        catch (InboundFormatException error)
        {
            Log.Unreadable(logger, instanceId, error.Message);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "{Count} messages and receipts of {InstanceId} had not come by webhook and were fetched"
        )]
        public static partial void Filled(ILogger logger, Guid instanceId, int count);

        [LoggerMessage(
            LogLevel.Warning,
            "A message in the gateway's history of {InstanceId} can't be read: {Reason}"
        )]
        public static partial void Unreadable(ILogger logger, Guid instanceId, string reason);
    }
}
