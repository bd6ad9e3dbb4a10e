using FlowChat.Live;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Net.Http.Headers;

namespace FlowChat.Operations.Stopping;

internal static class StoppingSetup
{
    public static IServiceCollection AddDrain(this IServiceCollection services) =>
        services.AddSingleton<LiveFarewell>().AddHosted<Drain>();

    /// <summary>
    /// Leaves the signals to <see cref="StopSignals"/>. The host's own handling would cut the live streams before
    /// anything else is told.
    /// </summary>
    public static IServiceCollection IgnoreSignals(this IServiceCollection services) =>
        services.Replace(ServiceDescriptor.Singleton<IHostLifetime, Lifetime>());

    /// <summary>
    /// A connection that a proxy keeps open would get its next request at the moment that it closes, and a POST isn't
    /// repeated then: while the node drains each answer is its connection's last.
    /// </summary>
    public static void UseDrain(this WebApplication app)
    {
        var drain = app.Services.GetRequiredService<Drain>();
        app.Use(
            (context, next) =>
            {
                if (drain.HasBegun && !context.Request.Headers.ContainsKey(HeaderNames.Upgrade))
                {
                    context.Response.Headers.Connection = "close";
                }
                return next(context);
            }
        );
    }

    /// <summary>Runs the host until it is asked to stop, and stops it in order.</summary>
    /// <returns>The exit code: 0, or 1 when it was something in the host that ended it, and nobody asked.</returns>
    public static async Task<int> RunUntilAskedAsync(
        this IHost host,
        StopSignals signals,
        CancellationToken cancellationToken
    )
    {
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(
            signals.Asked,
            lifetime.ApplicationStopping,
            cancellationToken
        );
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, end.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var failed = lifetime.ApplicationStopping.IsCancellationRequested;
        try
        {
            await host.StopAsync(CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            // Its time is over. What hangs still, such as a request whose sender is gone, was cut; leases and rows hold.
        }
        return failed ? 1 : 0;
    }

    private sealed class Lifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
