using System.Collections.Concurrent;

namespace FlowChat.Queues.Tests;

/// <summary>Counts who of a lane or a key is inside, and how often there were more than may be.</summary>
internal sealed class AtOnce(int limit)
{
    private readonly ConcurrentDictionary<string, int> inside = new(StringComparer.Ordinal);
    private int exceeded;

    public int Exceeded => exceeded;

    /// <summary>Long enough for another to come in too early, and of no fixed length, so that ends and claims cross.</summary>
    public static async Task StayAsync()
    {
        await Task.Yield();
        await Task.Delay(
            TimeSpan.FromMilliseconds(Random.Shared.Next(3)),
            TimeProvider.System,
            TestContext.Current.CancellationToken
        );
    }

    public void Enter(string name)
    {
        if (inside.AddOrUpdate(name, 1, (_, count) => count + 1) > limit)
            Interlocked.Increment(ref exceeded);
    }

    public void Leave(string name) => inside.AddOrUpdate(name, 0, (_, count) => count - 1);
}
