namespace FlowChat.Live;

/// <summary>The last of what passes by: who hasn't looked in time sees the next.</summary>
internal sealed class PassingRing
{
    private const int Capacity = 64;

    private readonly Lock _gate = new();
    private readonly string[] _ring = new string[Capacity];
    private long _count;

    /// <summary>How much has passed by so far.</summary>
    public long Count
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    public void Add(string data)
    {
        lock (_gate)
        {
            _ring[_count++ % Capacity] = data;
        }
    }

    /// <summary>What has passed by since, and where that ends.</summary>
    public IReadOnlyList<string> Since(ref long since)
    {
        lock (_gate)
        {
            since = Math.Max(since, _count - Capacity);
            var data = new List<string>((int)(_count - since));
            for (; since < _count; since++)
            {
                data.Add(_ring[since % Capacity]);
            }
            return data;
        }
    }
}
