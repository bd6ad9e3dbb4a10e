using System.Net;

namespace FlowChat.Testing.Otlp;

/// <summary>An OpenTelemetry collector on a loopback port that keeps what it is sent over HTTP.</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication app;

    private OtlpReceiver(WebApplication app) => this.app = app;

    /// <summary>For OTEL_EXPORTER_OTLP_ENDPOINT.</summary>
    public Uri Address => new(app.Urls.Single());

    public SignalledLog<OtlpSpan> Spans { get; } = new();

    /// <summary>The names of the instruments that were reported.</summary>
    public SignalledLog<string> Metrics { get; } = new();

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = builder.Build();
        var receiver = new OtlpReceiver(server);
        server.MapPost(
            "/v1/traces",
            request => ReadAsync(request, OtlpSpan.ReadAll, receiver.Spans.Add)
        );
        server.MapPost(
            "/v1/metrics",
            request => ReadAsync(request, OtlpMetric.ReadNames, receiver.Metrics.Add)
        );
        await server.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private static async Task ReadAsync<T>(
        HttpContext context,
        Func<ReadOnlyMemory<byte>, IEnumerable<T>> read,
        Action<T> add
    )
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        foreach (var item in read(body.ToArray()))
            add(item);
        context.Response.ContentType = "application/x-protobuf";
    }
}
