namespace FlowChat.Operations.Health;

/// <summary>What a look found, for everyone who asks until it is no longer fresh: one look at a time, however many ask.</summary>
internal sealed class SharedLook<T>(Func<Task<T>> look, TimeSpan fresh, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private Task<T>? _last;
    private long _endedAt;

    /// <param name="cancellationToken">Ends the caller's wait; the look goes on for the others.</param>
    public Task<T> AskAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (
                _last is null
                || (_last.IsCompleted && clock.GetElapsedTime(Volatile.Read(ref _endedAt)) >= fresh)
            )
            {
                _last = LookAsync();
            }
            return _last.WaitAsync(cancellationToken);
        }
    }

    private async Task<T> LookAsync()
    {
        // Whoever comes first mustn't hold the others up.
        await Task.Yield();
        try
        {
            return await look();
        }
        finally
        {
            Volatile.Write(ref _endedAt, clock.GetTimestamp());
        }
    }
}
