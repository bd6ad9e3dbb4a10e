namespace FlowChat.Live;

/// <summary>
/// Lets the readers of this node hang up before it stops. SignalR cuts its sockets at the same signal; but callbacks
/// run in the reverse order of their registration, and this one, made with the first reader, comes before SignalR's.
/// </summary>
internal sealed class LiveFarewell : IDisposable
{
    // Who doesn't hang up by then is cut, and comes back from its last seq all the same.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private int _connections;

    public LiveFarewell(IHostApplicationLifetime lifetime) =>
        lifetime.ApplicationStopping.Register(End);

    /// <summary>Streams end, as they do when there is nothing wrong.</summary>
    public CancellationToken Stopping => _stopping.Token;

    public void Enter() => Interlocked.Increment(ref _connections);

    public void Leave() => Interlocked.Decrement(ref _connections);

    public void Dispose() => _stopping.Dispose();

    private void End()
    {
        _stopping.Cancel();
        SpinWait.SpinUntil(() => Volatile.Read(ref _connections) == 0, Patience);
    }
}
