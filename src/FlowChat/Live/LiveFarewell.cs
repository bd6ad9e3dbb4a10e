namespace FlowChat.Live;

/// <summary>Ends the live streams of a node that stops, and lets their readers hang up before it does.</summary>
internal sealed class LiveFarewell(TimeProvider clock) : IDisposable
{
    /// <summary>The readers come back spread over this time, so that the other nodes don't get all of them at once.</summary>
    public static readonly TimeSpan Spread = TimeSpan.FromSeconds(1);

    // Who doesn't hang up by then is cut, and comes back from its last seq all the same.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _alone = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private int _connections;

    /// <summary>Streams end with the hint to reconnect.</summary>
    public CancellationToken Stopping => _stopping.Token;

    public void Enter() => Interlocked.Increment(ref _connections);

    public void Leave()
    {
        if (Interlocked.Decrement(ref _connections) == 0 && Stopping.IsCancellationRequested)
        {
            _alone.TrySetResult();
        }
    }

    public async Task EndAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        if (Volatile.Read(ref _connections) > 0)
        {
            await _alone
                .Task.WaitAsync(Patience, clock, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose() => _stopping.Dispose();
}
