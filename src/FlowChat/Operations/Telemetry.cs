using FlowChat.Queues;
using FlowChat.Settings;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace FlowChat.Operations;

/// <summary>Sends traces and meters to an OpenTelemetry collector, from the host's start until after its last duty.</summary>
internal sealed class Telemetry(FlowChatSettings settings) : IHostedService, IDisposable
{
    private static readonly string[] Sources =
    [
        QueueMetrics.SourceName,
        "Microsoft.AspNetCore",
        "System.Net.Http",
    ];

    /// <summary>The meters that leave the process, by whatever way.</summary>
    public static readonly IReadOnlyList<string> Meters =
    [
        "FlowChat",
        QueueMetrics.SourceName,
        "Microsoft.AspNetCore.Hosting",
        "System.Runtime",
    ];

    private TracerProvider? _traces;
    private MeterProvider? _meters;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _traces = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(Describe)
            .AddSource(Sources)
            .AddOtlpExporter(options => Address(options, "v1/traces"))
            .Build();
        _meters = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(Describe)
            .AddMeter([.. Meters])
            .AddOtlpExporter(options => Address(options, "v1/metrics"))
            .Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) =>
        // Its exporter waits for the collector, up to its own limit.
        Task.Run(Dispose, cancellationToken);

    public void Dispose()
    {
        Interlocked.Exchange(ref _traces, null)?.Dispose();
        Interlocked.Exchange(ref _meters, null)?.Dispose();
    }

    private static void Describe(ResourceBuilder resource) =>
        resource
            .AddService(
                "flowchat",
                serviceVersion: typeof(Telemetry).Assembly.GetName().Version?.ToString(3),
                serviceInstanceId: $"{Environment.MachineName}-{Environment.ProcessId}"
            )
            // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win.
            .AddEnvironmentVariableDetector();

    /// <summary>An address that is given in code gets no path by itself. Headers and time-outs are the exporter's own settings.</summary>
    private void Address(OtlpExporterOptions options, string path)
    {
        var collector = settings.OtlpCollector!;
        options.Protocol = settings.OtlpGrpc
            ? OtlpExportProtocol.Grpc
            : OtlpExportProtocol.HttpProtobuf;
        options.Endpoint = settings.OtlpGrpc
            ? collector
            : new Uri($"{collector.AbsoluteUri.TrimEnd('/')}/{path}");
    }
}

internal static class TelemetrySetup
{
    public static void AddTelemetry(this IServiceCollection services, FlowChatSettings settings)
    {
        if (settings.OtlpCollector is not null)
        {
            services.AddHostedService<Telemetry>();
        }
    }
}
