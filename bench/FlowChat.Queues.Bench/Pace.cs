using System.Diagnostics;

namespace FlowChat.Queues.Bench;

/// <summary>Five hundred calls each second, each at its time whatever became of those before it.</summary>
internal static class Pace
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(2);

    public static async Task RunAsync(int count, Func<int, Task> call)
    {
        // Timers are too coarse for 2 ms: it wakes each millisecond.
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        var watch = Stopwatch.StartNew();
        var calls = new Task[count];
        for (var n = 0; n < count; n++)
        {
            while (watch.Elapsed < n * Interval)
                await timer.WaitForNextTickAsync();
            calls[n] = call(n);
        }
        await Task.WhenAll(calls);
    }
}
