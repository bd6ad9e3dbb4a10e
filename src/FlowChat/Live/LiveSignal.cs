using System.Threading.Channels;

namespace FlowChat.Live;

/// <summary>Says that a tenant's log has grown: to this node at once, to the others by the next NOTIFY.</summary>
internal sealed class LiveSignal
{
    // A process of workers alone has no reader; where there is one, what was dropped is found by its poll.
    private const int MostHints = 10_000;
    private const int MostPassing = 1_000;

    private readonly Channel<(Guid TenantId, long Seq)> _local = Channel.CreateBounded<(
        Guid,
        long
    )>(new BoundedChannelOptions(MostHints) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly Channel<(Guid TenantId, string Data)> _passing = Channel.CreateBounded<(
        Guid,
        string
    )>(new BoundedChannelOptions(MostPassing) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly Dictionary<Guid, long> _untold = [];
    private readonly Lock _gate = new();
    private readonly Channel<bool> _hasUntold = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    /// <summary>What is shown to whoever looks just now, and kept nowhere.</summary>
    public ChannelReader<(Guid TenantId, string Data)> Passing => _passing.Reader;

    public ChannelReader<(Guid TenantId, long Seq)> Local => _local.Reader;

    public void Appended(Guid tenantId, long seq)
    {
        _local.Writer.TryWrite((tenantId, seq));
        lock (_gate)
        {
            _untold[tenantId] = Math.Max(seq, _untold.GetValueOrDefault(tenantId));
        }
        _hasUntold.Writer.TryWrite(true);
    }

    /// <summary>What another node told.</summary>
    public void Heard(Guid tenantId, long seq) => _local.Writer.TryWrite((tenantId, seq));

    /// <summary>What any node lets pass, this one too.</summary>
    public void HeardPassing(Guid tenantId, string data) =>
        _passing.Writer.TryWrite((tenantId, data));

    /// <summary>All that the other nodes haven't heard of: whatever comes during one NOTIFY goes into the next.</summary>
    public async Task<IReadOnlyDictionary<Guid, long>> TakeUntoldAsync(
        CancellationToken cancellationToken
    )
    {
        await _hasUntold.Reader.ReadAsync(cancellationToken);
        lock (_gate)
        {
            var untold = new Dictionary<Guid, long>(_untold);
            _untold.Clear();
            return untold;
        }
    }
}
