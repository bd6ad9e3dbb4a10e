using System.Net;

namespace FlowChat.Testing;

/// <summary>A web application on a loopback port, which it has again whenever it listens anew.</summary>
internal sealed class LoopbackApp(int port, Action<WebApplication> map)
{
    private WebApplication? listening;

    /// <summary>0 = any, until it listens.</summary>
    public int Port { get; private set; } = port;

    public async Task ListenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, Port);
            // As the gateways' own body parsers are set: a file, or one in base64, is large.
            kestrel.Limits.MaxRequestBodySize = null;
        });
        builder.Services.Configure<Microsoft.AspNetCore.Http.Features.FormOptions>(form =>
            form.MultipartBodyLengthLimit = long.MaxValue
        );
        var app = builder.Build();
        map(app);
        await app.StartAsync();
        listening = app;
        Port = new Uri(app.Urls.Single()).Port;
    }

    /// <summary>From here on connections are refused; open ones are aborted.</summary>
    public async Task StopAsync()
    {
        if (listening is not { } app)
            return;
        listening = null;
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await app.StopAsync(atOnce.Token);
        await app.DisposeAsync();
    }

    /// <summary>Ctrl+C and SIGTERM are for the process that the application lives in.</summary>
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
