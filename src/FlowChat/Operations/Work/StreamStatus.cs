using System.Text.Json.Serialization;

namespace FlowChat.Operations.Work;

/// <summary>The status document of the chat's streams: its names are those of dashboards that exist.</summary>
public sealed record StreamStatus(
    StreamStatus.StreamMetrics Metrics,
    IReadOnlyList<string> Alerts,
    DateTimeOffset Timestamp
)
{
    private const string DeadLetter = "dead_letter";

    internal static StreamStatus Of(QueueBoard board) =>
        new(
            new(
                board
                    .Queues.Select(queue =>
                        KeyValuePair.Create(
                            queue.Name,
                            new Stream(
                                queue.Waiting + queue.Active + queue.Delayed,
                                queue.Active,
                                queue.Workers
                            )
                        )
                    )
                    .Append(new(DeadLetter, new(board.Queues.Sum(queue => queue.Dead), null, null)))
                    .ToDictionary(StringComparer.Ordinal)
            ),
            [.. board.Alerts.Select(alert => alert.Text)],
            board.Timestamp
        );

    public sealed record StreamMetrics(
        [property: JsonPropertyName("stream_metrics")] IReadOnlyDictionary<string, Stream> Streams
    );

    /// <param name="Length">All that isn't done: waiting, delayed and active.</param>
    /// <param name="Pending">In the hands of a worker.</param>
    /// <param name="Consumers">Workers that live.</param>
    public sealed record Stream(
        long Length,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Pending,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Consumers
    );
}
