using FlowChat.Operations.Work;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace FlowChat.Operations.Metrics;

/// <summary>The figures of all queues, over all processes. Whichever process is scraped, they are the same.</summary>
internal static class QueueSamples
{
    private static readonly (string Name, string Help, Func<QueueStatus, double> Value)[] Gauges =
    [
        ("waiting", "Jobs that are due.", queue => queue.Waiting),
        ("active", "Jobs in the hands of a worker.", queue => queue.Active),
        ("delayed", "Jobs that are not due yet.", queue => queue.Delayed),
        ("dead", "Dead letters.", queue => queue.Dead),
        (
            "strangers",
            "Dead entries of Redis or RabbitMQ that never had a row.",
            queue => queue.Strangers
        ),
        ("paused", "1 while nothing is claimed.", queue => queue.Paused ? 1 : 0),
        ("workers", "Workers that live.", queue => queue.Workers),
        (
            "oldest_waiting_seconds",
            "How long the oldest waiting job has been due.",
            queue => queue.OldestWaitingSeconds
        ),
    ];

    private static readonly (
        string Name,
        string Help,
        Func<QueueStatus, double> Value
    )[] Counters =
    [
        ("completed_total", "Jobs done.", queue => queue.Completed),
        ("failed_total", "Jobs that died.", queue => queue.Failed),
    ];

    /// <param name="text">Where to.</param>
    /// <param name="board">Null while the database is away: old figures would look like new ones.</param>
    public static void Write(PrometheusText text, QueueBoard? board)
    {
        text.Family(
            "flowchat_database_up",
            PrometheusText.Gauge,
            "Whether the database answers; without it there are no flowchat_queue figures."
        );
        text.Sample("flowchat_database_up", "", board is null ? 0 : 1);
        if (board is null)
        {
            return;
        }
        foreach (var (name, help, value) in Gauges)
        {
            Write(text, board, PrometheusText.Gauge, name, help, value);
        }
        foreach (var (name, help, value) in Counters)
        {
            Write(text, board, PrometheusText.Counter, name, help, value);
        }
    }

    private static void Write(
        PrometheusText text,
        QueueBoard board,
        string kind,
        string name,
        string help,
        Func<QueueStatus, double> value
    )
    {
        text.Family($"flowchat_queue_{name}", kind, help);
        foreach (var queue in board.Queues)
        {
            var labels = PrometheusText.LabelsOf(new Tag("queue", queue.Name));
            text.Sample($"flowchat_queue_{name}", labels, value(queue));
        }
    }
}
