using System.Diagnostics.Metrics;
using FlowChat.Storage;

namespace FlowChat.Operations.Custody;

/// <summary>
/// Proves again and again that all open work is where it is done from, and brings back what isn't. No code is known that
/// loses some: each find is an alarm.
/// </summary>
internal sealed class CustodySweep : Duty
{
    private const int Most = 500;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(2);

    private readonly CustodyLook _look;
    private readonly CustodyFigures _figures;
    private readonly TenantWriter _writer;
    private readonly Meter _meter = new("FlowChat");
    private readonly Counter<long> _strays;
    private readonly Counter<long> _restored;
    private readonly Counter<long> _sweeps;

    public CustodySweep(
        CustodyLook look,
        CustodyFigures figures,
        TenantWriter writer,
        TimeProvider clock,
        Alarms alarms,
        ILogger<CustodySweep> logger
    )
        : base(clock, alarms, logger)
    {
        (_look, _figures, _writer) = (look, figures, writer);
        _strays = _meter.CreateCounter<long>(
            "flowchat.custody.strays",
            description: "Open work that was nowhere it would be done from, by kind."
        );
        _restored = _meter.CreateCounter<long>(
            "flowchat.custody.restored",
            description: "Strays that were brought back, by kind."
        );
        _sweeps = _meter.CreateCounter<long>(
            "flowchat.custody.sweeps",
            description: "Looks at all open work that ended."
        );
    }

    /// <returns>How many were found.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var strays = await _look.FindAsync(tenantId: null, Most, cancellationToken);
        foreach (var kind in strays.GroupBy(stray => stray.Kind))
        {
            var tag = new KeyValuePair<string, object?>("kind", kind.Key);
            _strays.Add(kind.Count(), tag);
            var restored = await RestoreAsync(kind, cancellationToken);
            _restored.Add(restored, tag);
            Alarms.Raise(
                "strays",
                $"{kind.Count()} × {kind.Key}, {restored} brought back: see flowchat audit."
            );
        }
        await _figures.ReadAsync(cancellationToken);
        _sweeps.Add(1);
        return strays.Count;
    }

    protected override IReadOnlyList<Func<CancellationToken, Task>> Loops =>
        [NowAndEvery(Interval, RunOnceAsync)];

    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }

    private async Task<int> RestoreAsync(
        IEnumerable<Stray> strays,
        CancellationToken cancellationToken
    )
    {
        var answers = await Task.WhenAll(
            strays.Select(stray =>
                _writer.WriteAsync(stray.TenantId, new RestoreStray(stray), cancellationToken)
            )
        );
        return answers.Count(isRestored => isRestored);
    }
}
