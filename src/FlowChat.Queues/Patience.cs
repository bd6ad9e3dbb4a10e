namespace FlowChat.Queues;

/// <summary>
/// The waits of a loop whose server is away: from 100 ms, doubling, to 5 s; with a jitter up to a half less, so that
/// a fleet doesn't come back at once.
/// </summary>
internal sealed class Patience(TimeProvider time, Random jitter)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private TimeSpan next = First;

    /// <summary>Whether the failure at hand is the first since things went well: the one to log.</summary>
    public bool IsFirst { get; private set; } = true;

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        IsFirst = false;
        var wait = next * (1 - jitter.NextDouble() / 2);
        next = next * 2 < Longest ? next * 2 : Longest;
        await Task.Delay(wait, time, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Reset()
    {
        IsFirst = true;
        next = First;
    }
}
