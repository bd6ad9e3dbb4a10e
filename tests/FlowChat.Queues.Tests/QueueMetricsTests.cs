using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using FlowChat.Queues.Tests.Ledger;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowChat.Queues.Tests;

/// <summary>The meters have what OpenTelemetry's conventions require of their names.</summary>
public sealed class QueueMetricsTests : IDisposable
{
    private const string System = "messaging.system=flowchat",
        Destination = "messaging.destination.name=work";

    private readonly ServiceProvider services = new ServiceCollection()
        .AddMetrics()
        .BuildServiceProvider();
    private readonly ConcurrentQueue<string> measured = new();
    private readonly ConcurrentDictionary<string, IReadOnlyList<double>?> bounds = new(
        StringComparer.Ordinal
    );
    private readonly MeterListener listener = new();
    private readonly QueueMetrics metrics;

    public QueueMetricsTests()
    {
        var factory = services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!ReferenceEquals(instrument.Meter.Scope, factory))
                return;
            if (instrument is Histogram<double> histogram)
                bounds[instrument.Name] = histogram.Advice?.HistogramBucketBoundaries;
            listener.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((i, _, tags, _) => Note(i, tags));
        listener.SetMeasurementEventCallback<double>((i, _, tags, _) => Note(i, tags));
        listener.Start();
        metrics = new QueueMetrics(factory);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        listener.Dispose();
        metrics.Dispose();
        services.Dispose();
    }

    [Fact]
    public void Durations_of_seconds_have_buckets_of_milliseconds()
    {
        Assert.Equal(
            [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
            bounds["messaging.process.duration"]!
        );
        var waits = bounds["flowchat.queues.wait.duration"]!;
        Assert.Equal((0.001, 3600), (waits[0], waits[^1]));
    }

    [Fact]
    public async Task A_run_says_its_operation_and_what_it_failed_of()
    {
        await RunAsync(JobOutcome.Done);
        await RunAsync(JobOutcome.Dead("no"));

        Assert.Contains(
            $"messaging.client.consumed.messages {Destination} messaging.operation.name=receive {System}",
            measured
        );
        Assert.Contains(
            $"messaging.process.duration flowchat.queues.outcome=Done {Destination} messaging.operation.name=process {System}",
            measured
        );
        Assert.Contains(
            $"messaging.process.duration error.type=dead flowchat.queues.outcome=Dead {Destination} messaging.operation.name=process {System}",
            measured
        );
    }

    [Fact]
    public async Task What_is_added_is_counted_as_sent_and_what_may_not_be_by_its_error()
    {
        var registry = new QueueRegistry();
        registry.Add(new QueueOptions { Name = "work" });
        var server = new MemoryBrokerServer();
        var queue = new JobQueue(new MemoryBroker(server), registry, metrics);
        var job = new Job { Queue = "work", Payload = "{}"u8.ToArray() };

        await queue.EnqueueAsync(job, Ct);
        server.Away = true;
        await Assert.ThrowsAsync<QueueUnavailableException>(async () =>
            await queue.EnqueueAsync(job, Ct)
        );

        var tags = $"{Destination} messaging.operation.name=send {System}";
        Assert.Equal(
            [
                $"messaging.client.sent.messages {tags}",
                $"messaging.client.sent.messages error.type=FlowChat.Queues.QueueUnavailableException {tags}",
            ],
            measured
        );
    }

    private async Task RunAsync(JobOutcome outcome)
    {
        var runner = new JobRunner(
            new QueueOptions { Name = "work" },
            (_, _, _) => ValueTask.FromResult(outcome),
            TimeProvider.System,
            metrics,
            NullLogger.Instance
        );
        var lease = new JobLease(default, Guid.CreateVersion7(), "work", null, default, 1);
        await runner.RunAsync(
            new RunningJob(new ClaimedJob { Lease = lease, Payload = default }, 0)
        );
    }

    private void Note(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var texts = tags.ToArray()
            .Select(tag => $"{tag.Key}={tag.Value}")
            .Order(StringComparer.Ordinal);
        measured.Enqueue($"{instrument.Name} {string.Join(' ', texts)}");
    }
}
