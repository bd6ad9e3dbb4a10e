using FlowChat.Queues.Redis.Resp;
using Microsoft.Extensions.Logging;

namespace FlowChat.Queues.Redis;

/// <summary>
/// One capped stream, in a slot of its own, with the last dead letters of all queues for whoever watches Redis. The
/// queues' own dead letters are the truth: what is missing here is missing in the copy alone.
/// </summary>
internal sealed partial class DeadLetterCopy(
    RedisClient client,
    RedisQueueOptions names,
    ILogger logger
)
{
    private readonly string stream = names.Prefix + names.DeadLetterName;

    public async ValueTask AddAsync(
        IEnumerable<JobSettlement> dead,
        CancellationToken cancellationToken
    )
    {
        if (names.DeadLetterName.Length == 0)
            return;
        try
        {
            var replies = dead.Select(s =>
                    client
                        .SendAsync(Entry(s.Lease, s.Outcome.Reason ?? ""), cancellationToken)
                        .AsTask()
                )
                .ToList();
            await Task.WhenAll(replies);
        }
        catch (Exception e) when (e is QueueUnavailableException or RedisException)
        {
            // The jobs are settled: that must not look undone.
            Log.Behind(logger, stream, e);
        }
    }

    private RedisCommand Entry(JobLease lease, string error) =>
        new(
            "XADD",
            [
                stream,
                "MAXLEN",
                "~",
                names.DeadLetterMaxLength,
                "*",
                "queue",
                lease.Queue,
                "id",
                lease.JobId.ToString(),
                "attempt",
                lease.Attempt,
                "error",
                error,
                "payload",
                RedisClaim.Of(lease).Job.Texts().Payload,
            ]
        );

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The copy of the dead letters in {Stream} misses some")]
        public static partial void Behind(ILogger logger, string stream, Exception exception);
    }
}
