using System.Net;
using FlowChat.Settings;

namespace FlowChat.Operations.Metrics;

/// <summary>GET /metrics of a process that answers nothing else: at FLOWCHAT_METRICS_BIND, for anybody.</summary>
internal sealed class ScrapeServer(FlowChatSettings settings, IServiceProvider services)
    : IHostedService,
        IAsyncDisposable
{
    private WebApplication? _app;

    /// <summary>Where it listens; null where it doesn't.</summary>
    public string? Address => _app?.Urls.FirstOrDefault();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings.MetricsBind is not { } address)
        {
            return;
        }
        _app = Build(address);
        await _app.StartAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) =>
        _app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;

    private WebApplication Build(IPEndPoint address)
    {
        // Empty: what is set for the web server of `flowchat serve` is not meant for this one.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(options =>
            {
                options.AddServerHeader = false;
                options.Listen(address);
            });
        var app = builder.Build();
        app.Run(context => MetricsEndpoint.AnswerScrapeAsync(context, services));
        return app;
    }
}
