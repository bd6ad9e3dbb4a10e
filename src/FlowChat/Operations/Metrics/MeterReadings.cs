using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace FlowChat.Operations.Metrics;

/// <summary>Adds up what this process's meters measure, from the host's start on, for whoever scrapes it.</summary>
internal sealed class MeterReadings : IHostedService, IDisposable
{
    private readonly MeterListener _listener = new();

    // By name: two instruments of one name are one family.
    private readonly ConcurrentDictionary<string, MeterFamily> _families = new(
        StringComparer.Ordinal
    );

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (Telemetry.Meters.Contains(instrument.Meter.Name))
            {
                var name = PrometheusText.NameOf(instrument);
                var family = _families.GetOrAdd(name, _ => new(name, instrument));
                listener.EnableMeasurementEvents(instrument, family);
            }
        };
        Take<byte>(value => value);
        Take<short>(value => value);
        Take<int>(value => value);
        Take<long>(value => value);
        Take<float>(value => value);
        Take<double>(value => value);
        Take<decimal>(value => (double)value);
        _listener.Start();
        return Task.CompletedTask;
    }

    public void Write(PrometheusText text)
    {
        _listener.RecordObservableInstruments();
        foreach (var (_, family) in _families.OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            family.Write(text);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _listener.Dispose();

    private void Take<T>(Func<T, double> toDouble)
        where T : struct =>
        _listener.SetMeasurementEventCallback<T>(
            (_, value, tags, state) => ((MeterFamily)state!).Record(toDouble(value), tags)
        );
}
