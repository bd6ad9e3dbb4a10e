using System.Diagnostics.Metrics;
using FlowChat.Queues;
using FlowChat.Queues.Ledger;

namespace FlowChat.Operations.Custody;

/// <summary>Where all open jobs were at the last look, for Prometheus.</summary>
internal sealed class CustodyFigures : IDisposable
{
    private readonly Meter _meter = new("FlowChat");
    private readonly CustodyLook _look;
    private readonly QueueRegistry _queues;
    private readonly LedgerQueueBackend? _carried;
    private volatile IReadOnlyList<(string Queue, string Place, long Count)> _last = [];

    public CustodyFigures(CustodyLook look, QueueRegistry queues, IQueueBackend backend)
    {
        (_look, _queues) = (look, queues);
        _carried = backend as LedgerQueueBackend;
        _meter.CreateObservableGauge(
            "flowchat.custody.jobs",
            () => _last.Select(one => Measured(one.Count, one.Queue, one.Place)),
            description: "Open jobs at the last look, by where they are; entries are what the queue's broker holds."
        );
    }

    public IReadOnlyList<(string Queue, string Place, long Count)> Last => _last;

    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        var places = await _look.CountAsync(tenantId: null, cancellationToken);
        var read = new List<(string, string, long)>();
        foreach (var queue in _queues.All)
        {
            var of =
                places.FirstOrDefault(one => one.Queue == queue.Name)
                ?? new CustodyPlaces(queue.Name, 0, 0, 0, 0, 0, 0);
            read.AddRange(of.All.Select(place => (queue.Name, place.Name, place.Count)));
            if (
                _carried is not null
                && await _carried.CountEntriesAsync(queue.Name, cancellationToken) is { } entries
            )
            {
                read.Add((queue.Name, "entries", entries));
            }
        }
        _last = read;
    }

    public void Dispose() => _meter.Dispose();

    private static Measurement<long> Measured(long count, string queue, string place) =>
        new(
            count,
            new KeyValuePair<string, object?>("queue", queue),
            new KeyValuePair<string, object?>("place", place)
        );
}
