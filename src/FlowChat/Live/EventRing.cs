namespace FlowChat.Live;

/// <summary>The newest events of one tenant. Nothing is in it, and nothing known of its log, before <see cref="Restart"/>.</summary>
internal sealed class EventRing
{
    public const int Capacity = 2_048;

    private readonly Lock _gate = new();
    private readonly LiveEvent?[] _ring = new LiveEvent?[Capacity];
    private long _first;
    private long _size;
    private long _last = -1;

    /// <summary>The characters of the events that it holds.</summary>
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

    /// <summary>The events after a seq; null when they are no longer all here.</summary>
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

    public void Append(IReadOnlyList<LiveEvent> events)
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
    }

    /// <summary>Empties it, where it is.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            Clear(_last);
        }
    }

    /// <summary>Empties it, and goes on after a seq.</summary>
    public void Restart(long last)
    {
        lock (_gate)
        {
            Clear(last);
        }
    }

    private void Clear(long last)
    {
        Array.Clear(_ring);
        (_size, _first, _last) = (0, last + 1, last);
    }
}
