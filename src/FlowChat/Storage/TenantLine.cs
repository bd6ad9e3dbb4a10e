namespace FlowChat.Storage;

/// <summary>The changes of one tenant that wait for its running commit.</summary>
internal sealed class TenantLine
{
    private readonly Lock _gate = new();
    private readonly Queue<PendingChange> _waiting = new();
    private bool _running;

    public enum Added
    {
        /// <summary>Nobody commits for this tenant: the caller starts.</summary>
        First,
        Behind,
        Full,
    }

    public Added Add(PendingChange change, int limit)
    {
        lock (_gate)
        {
            if (_waiting.Count >= limit)
            {
                return Added.Full;
            }
            _waiting.Enqueue(change);
            var first = !_running;
            _running = true;
            return first ? Added.First : Added.Behind;
        }
    }

    /// <summary>False when nothing waits any more: the line is then idle.</summary>
    public bool TryTake(int most, out IReadOnlyList<PendingChange> changes)
    {
        lock (_gate)
        {
            var taken = new List<PendingChange>(Math.Min(most, _waiting.Count));
            while (taken.Count < most && _waiting.TryDequeue(out var change))
            {
                taken.Add(change);
            }
            changes = taken;
            _running = taken.Count > 0;
            return _running;
        }
    }
}
