namespace FlowChat.Queues;

internal static class WorkerName
{
    private static int last;

    public static string Next() =>
        $"worker-{Environment.MachineName}-{Environment.ProcessId}-{Interlocked.Increment(ref last)}";
}
