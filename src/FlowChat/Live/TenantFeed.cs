namespace FlowChat.Live;

/// <summary>The newest events of one tenant, for all its readers on this node.</summary>
internal sealed class TenantFeed(Guid tenantId, TimeProvider clock) : IDisposable
{
    /// <summary>How long a feed is kept for readers who come back.</summary>
    public static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly EventRing _events = new();
    private readonly SemaphoreSlim _reading = new(1, 1);
    private TaskCompletionSource _news = New();
    private int _readers;
    private long _leftAt = clock.GetTimestamp();
    private bool _closed;

    public Guid TenantId { get; } = tenantId;

    public bool HasReaders
    {
        get
        {
            lock (_gate)
            {
                return _readers > 0;
            }
        }
    }

    /// <summary>The characters of the events that the ring holds.</summary>
    public long Size => _events.Size;

    public long Last => _events.Last;

    /// <returns>False = it was closed meanwhile: the tenant has another feed by now, or none.</returns>
    public bool TryEnter()
    {
        lock (_gate)
        {
            _readers += _closed ? 0 : 1;
            return !_closed;
        }
    }

    public void Leave()
    {
        lock (_gate)
        {
            _readers--;
            _leftAt = clock.GetTimestamp();
        }
    }

    /// <summary>Closes a feed that nobody has read for a while; nobody enters it afterwards.</summary>
    public bool TryClose()
    {
        lock (_gate)
        {
            _closed |= _readers == 0 && clock.GetElapsedTime(_leftAt) >= IdleTime;
            return _closed;
        }
    }

    /// <summary>Empties the ring. Who isn't at its end reads on from the log.</summary>
    public void Forget() => _events.Forget();

    /// <summary>The events after a seq; null when the ring no longer holds them all. Take <see cref="News"/> before.</summary>
    public IReadOnlyList<LiveEvent>? After(long after) => _events.After(after);

    /// <summary>What is kept nowhere. Take <see cref="News"/> before.</summary>
    public PassingRing Passing { get; } = new();

    /// <summary>Completes at the next event, or when something passes by.</summary>
    public Task News
    {
        get
        {
            lock (_gate)
            {
                return _news.Task;
            }
        }
    }

    /// <summary>Reads on from the log until the ring is as far as <paramref name="target"/>.</summary>
    public async Task CatchUpAsync(EventLog log, long target, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            // Too far behind to be of use, or nobody was here: whoever needs the old ones reads them from the log.
            if (Last < 0 || target - Last > EventRing.Capacity)
            {
                var bounds = await log.ReadBoundsAsync(TenantId, cancellationToken);
                Restart(bounds.Last);
            }
            while (Last < target)
            {
                var events = await log.ReadAsync(TenantId, Last, 500, cancellationToken);
                if (events.Count == 0)
                {
                    return;
                }
                _events.Append(events);
                Wake();
            }
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    /// <summary>Shows something to the readers who are here, and to nobody later.</summary>
    public void Pass(string data)
    {
        Passing.Add(data);
        Wake();
    }

    public void Restart(long last)
    {
        _events.Restart(last);
        Wake();
    }

    private void Wake()
    {
        TaskCompletionSource news;
        lock (_gate)
        {
            (news, _news) = (_news, New());
        }
        news.SetResult();
    }

    private static TaskCompletionSource New() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
