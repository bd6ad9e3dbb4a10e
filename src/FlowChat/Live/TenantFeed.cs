namespace FlowChat.Live;

/// <summary>The newest events of one tenant, for all its readers on this node.</summary>
internal sealed class TenantFeed(Guid tenantId, TimeProvider clock) : IDisposable
{
    private const int Capacity = 2_048;

    /// <summary>How long a feed is kept for readers who come back.</summary>
    public static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly LiveEvent?[] _ring = new LiveEvent?[Capacity];
    private readonly SemaphoreSlim _reading = new(1, 1);
    private TaskCompletionSource _news = New();
    private long _first;
    private long _size;
    private long _last = -1;
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
    public long Size
    {
        get
        {
            lock (_gate)
            {
                return _size;
            }
        }
    }

    public long Last
    {
        get
        {
            lock (_gate)
            {
                return _last;
            }
        }
    }

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
    public void Forget()
    {
        lock (_gate)
        {
            Clear(_last);
        }
    }

    /// <summary>The events after a seq; null when the ring no longer holds them all. Take <see cref="News"/> before.</summary>
    public IReadOnlyList<LiveEvent>? After(long after)
    {
        lock (_gate)
        {
            if (after >= _last)
            {
                return [];
            }
            if (after + 1 < _first)
            {
                return null;
            }
            var events = new List<LiveEvent>((int)(_last - after));
            for (var seq = after + 1; seq <= _last; seq++)
            {
                events.Add(_ring[seq % Capacity]!);
            }
            return events;
        }
    }

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
            if (Last < 0 || target - Last > Capacity)
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
                Append(events);
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
        lock (_gate)
        {
            Clear(last);
        }
        Wake();
    }

    private void Append(IReadOnlyList<LiveEvent> events)
    {
        lock (_gate)
        {
            foreach (var live in events)
            {
                ref var place = ref _ring[live.Seq % Capacity];
                _size += live.Data.Length - (place?.Data.Length ?? 0);
                place = live;
            }
            _last = events[^1].Seq;
            _first = Math.Max(Math.Min(_first, events[0].Seq), _last - Capacity + 1);
        }
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

    private void Clear(long last)
    {
        Array.Clear(_ring);
        (_size, _first, _last) = (0, last + 1, last);
    }

    private static TaskCompletionSource New() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
