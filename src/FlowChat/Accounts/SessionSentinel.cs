using System.Collections.Concurrent;

namespace FlowChat.Accounts;

/// <summary>
/// Ends live streams with the session or key that opened them: at once when it is revoked through this node, and at
/// the reader's next <see cref="IsAliveAsync"/> when it was through another.
/// </summary>
internal sealed class SessionSentinel(Credentials credentials)
{
    private readonly ConcurrentDictionary<Watch, byte> _watches = new();

    public Watch WatchOver(Caller caller)
    {
        var watch = new Watch(caller, ended => _watches.TryRemove(ended, out _));
        _watches.TryAdd(watch, 0);
        return watch;
    }

    public async Task<bool> IsAliveAsync(Caller caller, CancellationToken cancellationToken) =>
        await credentials.RefreshAsync(caller, cancellationToken) is not null;

    public void Revoked(Credential credential) =>
        End(watch => watch.Caller.Credential == credential);

    public void UserDisabled(Guid userId) => End(watch => watch.Caller.UserId == userId);

    /// <summary>All sessions of a user but the one given.</summary>
    public void SessionsEnded(Guid userId, Credential? except) =>
        End(watch =>
            watch.Caller.UserId == userId
            && watch.Caller.Credential is Credential.Session
            && watch.Caller.Credential != except
        );

    private void End(Func<Watch, bool> concerns)
    {
        foreach (var watch in _watches.Keys.Where(concerns))
            watch.Revoke();
    }

    internal sealed class Watch(Caller caller, Action<Watch> forget) : IDisposable
    {
        private readonly CancellationTokenSource _revoked = new();

        public Caller Caller { get; } = caller;

        public CancellationToken Revoked => _revoked.Token;

        // Never disposed under a Revoke that runs at the same time: a source without a timer holds nothing to free.
        public void Revoke() => _revoked.Cancel();

        public void Dispose() => forget(this);
    }
}
