using System.Text.Json;
using FlowChat.Instances;
using FlowChat.Storage;

namespace FlowChat.Inbound.Evolution;

/// <summary>
/// What a gateway keeps of a number's messages. Its webhooks' retries live in its memory: a gateway that is restarted
/// forgets them, and not the messages.
/// </summary>
internal sealed partial class EvolutionHistory(
    EvolutionPages pages,
    TenantWriter writer,
    TimeProvider clock,
    ILogger<EvolutionHistory> logger
)
{
    // With thumbnails a page can be larger than an answer may be: then it is asked for in smaller ones.
    private static readonly int[] PageSizes = [100, 20, 4];

    public static bool Has(Instance instance) => instance.Gateway == "evolution";

    /// <summary>Takes in what isn't here yet, the oldest first.</summary>
    /// <param name="tenantId">The number's tenant.</param>
    /// <param name="instance">The number.</param>
    /// <param name="since">What was written before that isn't asked for.</param>
    /// <param name="tally">Counts what comes.</param>
    /// <param name="reached">Called behind each page with the time up to which all is here.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>False = the gateway doesn't tell the rest.</returns>
    public async Task<bool> FillAsync(
        Guid tenantId,
        Instance instance,
        DateTimeOffset since,
        FillTally tally,
        Func<DateTimeOffset, Task> reached,
        CancellationToken cancellationToken
    )
    {
        foreach (var size in PageSizes)
        {
            var isTooLarge = false;
            await foreach (var page in pages.ReadAsync(instance, since, size, cancellationToken))
            {
                if (page.Refusal is { } refusal)
                {
                    Log.Refused(logger, instance.Id, size, refusal.Reason);
                    isTooLarge = refusal.IsTooLarge;
                    if (!isTooLarge)
                    {
                        return false;
                    }
                }
                else if (await WriteAsync(tenantId, instance, page, tally) is { } newest)
                {
                    since = newest;
                    await reached(newest);
                }
            }
            if (!isTooLarge)
            {
                return true;
            }
        }
        return false;
    }

    /// <returns>When the newest was written; null = there is none.</returns>
    private async Task<DateTimeOffset?> WriteAsync(
        Guid tenantId,
        Instance instance,
        EvolutionPage page,
        FillTally tally
    )
    {
        // All are queued before the first is awaited: they share commits and keep their order.
        var found = page
            .Records.Select(record => Read(instance.Id, record))
            .OfType<TenantChange<Received>>()
            .ToList();
        var writes = found
            .Select((change, at) => WithTwins(change, found.Skip(at + 1)))
            .Select(change => WriteAsync(tenantId, instance.Id, change, tally))
            .ToList();
        await Task.WhenAll(writes);
        return page.IsEmpty
            ? null
            : DateTimeOffset.FromUnixTimeSeconds(page.Records[^1].Long("messageTimestamp")!.Value);
    }

    private async Task WriteAsync(
        Guid tenantId,
        Guid instanceId,
        TenantChange<Received> change,
        FillTally tally
    )
    {
        try
        {
            // Once it is queued it is written, also when this process ends meanwhile.
            var received = await writer.WriteAsync(tenantId, change, CancellationToken.None);
            tally.Count(change, received);
        }
        catch (Exception error) when (error is not StorageUnavailableException)
        {
            // Alone in its transaction and still refused: the others go on.
            Log.NotStored(logger, error, instanceId);
        }
    }

    // The gateway still has it, and each search finds it again: it is named in the log, and no copy of it is kept.
    private TenantChange<Received>? Read(Guid instanceId, JsonElement record)
    {
        try
        {
            var now = clock.GetStorableNow();
            return EvolutionMessage.Read(instanceId, record, isEcho: false, now) switch
            {
                ReceiveMessage { Message: { FromMe: true } found } => new ReceiveMessage(
                    found with
                    {
                        MayBeEcho = IsFromApi(found.WaId),
                    }
                ),
                var change => change,
            };
        }
        catch (InboundFormatException error)
        {
            Log.Unreadable(logger, instanceId, error.Message);
            return null;
        }
    }

    private static TenantChange<Received> WithTwins(
        TenantChange<Received> change,
        IEnumerable<TenantChange<Received>> behind
    ) =>
        change is not ReceiveMessage { Message: { MayBeEcho: true } one }
            ? change
            : new ReceiveMessage(
                one with
                {
                    Twins =
                    [
                        .. behind
                            .OfType<ReceiveMessage>()
                            .Select(other => other.Message)
                            .Where(other => IsTwin(one, other))
                            .Select(other => other.Key),
                    ],
                }
            );

    private static bool IsTwin(InboundMessage one, InboundMessage other) =>
        other.MayBeEcho
        && other.Type == one.Type
        && other.Text == one.Text
        && other.GroupJid == one.GroupJid
        && (one.GroupJid is not null || other.Chat.Intersect(one.Chat).Any());

    // Baileys gives them, and so does WhatsApp Web; a phone's begin otherwise.
    private static bool IsFromApi(string waId) =>
        waId.StartsWith("3EB0", StringComparison.Ordinal)
        || waId.StartsWith("BAE5", StringComparison.Ordinal);

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "The gateway of {InstanceId} doesn't tell what its webhooks missed, {Size} messages at once; it is asked again: {Reason}"
        )]
        public static partial void Refused(
            ILogger logger,
            Guid instanceId,
            int size,
            string reason
        );

        [LoggerMessage(
            LogLevel.Error,
            "A message in the gateway's history of {InstanceId} can't be stored"
        )]
        public static partial void NotStored(ILogger logger, Exception error, Guid instanceId);

        [LoggerMessage(
            LogLevel.Warning,
            "A message in the gateway's history of {InstanceId} can't be read: {Reason}"
        )]
        public static partial void Unreadable(ILogger logger, Guid instanceId, string reason);
    }
}
