using System.Diagnostics;

namespace FlowChat.Queues.Bench;

/// <summary>Five hundred calls each second, each at its time whatever became of those before it.</summary>
internal static class Pace
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(2);

    public static Task RunAsync(int count, Func<int, Task> call) =>
        Task
            .Factory.StartNew(
                () => Task.WhenAll(Calls(count, call)),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default
            )
            .Unwrap();

    // A thread that sleeps is at most a millisecond late. Timers are up to eight, and then call several times at once.
    private static List<Task> Calls(int count, Func<int, Task> call)
    {
        using var never = new ManualResetEvent(false);
        var watch = Stopwatch.StartNew();
        var calls = new List<Task>(count);
        for (var n = 0; n < count; n++)
        {
            while (watch.Elapsed < n * Interval)
                never.WaitOne(1);
            calls.Add(call(n));
        }
        return calls;
    }
}
