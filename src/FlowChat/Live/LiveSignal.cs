using System.Threading.Channels;

namespace FlowChat.Live;

/// <summary>Says that a tenant's log has grown: to this node at once, to the others by the next NOTIFY.</summary>
internal sealed class LiveSignal
{
    private readonly Channel<(Guid TenantId, long Seq)> _local = Channel.CreateUnbounded<(
        Guid,
        long
    )>();
    private readonly Dictionary<Guid, long> _untold = [];
    private readonly Lock _gate = new();
    private readonly Channel<bool> _hasUntold = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

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
