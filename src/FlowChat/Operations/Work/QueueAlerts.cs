namespace FlowChat.Operations.Work;

/// <summary>What an operator should look at.</summary>
internal static class QueueAlerts
{
    private const int LargeBacklog = 1_000;
    private const int LongWaitSeconds = 60;

    /// <param name="queue">The queue.</param>
    /// <param name="mostBacklog">CHAT_STREAM_MAXLEN.</param>
    public static IEnumerable<QueueAlert> Of(QueueStatus queue, int mostBacklog)
    {
        var backlog = queue.Waiting + queue.Delayed;
        if (backlog > mostBacklog)
        {
            yield return About(
                "over_maxlen",
                $"{backlog} jobs wait (over CHAT_STREAM_MAXLEN, {mostBacklog})"
            );
        }
        else if (backlog > LargeBacklog)
        {
            yield return About("backlog", $"{backlog} jobs wait (over {LargeBacklog})");
        }
        if (queue.OldestWaitingSeconds > LongWaitSeconds)
        {
            yield return About(
                "oldest_waiting",
                $"the oldest job has waited for {queue.OldestWaitingSeconds:0} s (over {LongWaitSeconds})"
            );
        }
        if (queue.Dead > 0)
        {
            yield return About("dead_letters", DeadLetters.Counted(queue.Dead));
        }
        if (queue.Strangers > 0)
        {
            yield return About(
                "strangers",
                string.Equals(queue.Backend, "rabbitmq", StringComparison.Ordinal)
                    ? $"{queue.Strangers} dead in RabbitMQ's queue {queue.Name}:dead that never had a row in the database"
                    : $"{queue.Strangers} dead in Redis that never had a row in the database: see flowchat dead-letters strangers"
            );
        }
        if (queue.Workers == 0)
        {
            yield return About("no_consumer", "no worker");
        }

        QueueAlert About(string code, string text) =>
            new(code, queue.Name, $"{queue.Name}: {text}");
    }
}
