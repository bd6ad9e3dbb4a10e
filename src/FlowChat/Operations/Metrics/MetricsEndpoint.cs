using FlowChat.Accounts;
using FlowChat.Operations.Work;
using FlowChat.Settings;
using FlowChat.Storage;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace FlowChat.Operations.Metrics;

/// <summary>
/// GET /metrics: for an operator's key at FlowChat's own address, and for anybody at FLOWCHAT_METRICS_BIND, where there
/// is nothing else.
/// </summary>
internal static class MetricsEndpoint
{
    private const string Path = "/metrics";

    public static void MapMetrics(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet(Path, context => WriteAsync(context, context.RequestServices))
            .RequireAuthorization(Policies.Operator)
            .ExcludeFromDescription();

    public static void ListenForScrapes(
        this KestrelServerOptions options,
        FlowChatSettings settings
    )
    {
        if (settings.MetricsBind is { } address)
        {
            options.Listen(
                address,
                listen =>
                    listen.Use(next =>
                        connection =>
                        {
                            connection.Features.Set(new ScrapeConnection());
                            return next(connection);
                        }
                    )
            );
        }
    }

    /// <summary>First of all: what comes in there meets nothing else of FlowChat.</summary>
    public static void UseScrapes(this WebApplication app) =>
        app.Use(
            (context, next) =>
                context.Features.Get<ScrapeConnection>() is null
                    ? next(context)
                    : AnswerScrapeAsync(context, context.RequestServices)
        );

    /// <summary>Where there is nothing else.</summary>
    public static Task AnswerScrapeAsync(HttpContext context, IServiceProvider services)
    {
        if (HttpMethods.IsGet(context.Request.Method) && context.Request.Path == Path)
        {
            return WriteAsync(context, services);
        }
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private static async Task WriteAsync(HttpContext context, IServiceProvider services)
    {
        var text = new PrometheusText();
        var board = services.GetRequiredService<WorkBoard>();
        QueueSamples.Write(text, await ReadAsync(board, context.RequestAborted));
        services.GetRequiredService<MeterReadings>().Write(text);
        context.Response.ContentType = PrometheusText.ContentType;
        await context.Response.WriteAsync(text.ToString(), context.RequestAborted);
    }

    private static async Task<QueueBoard?> ReadAsync(
        WorkBoard board,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await board.ReadAsync(cancellationToken) is { Stale: false } fresh
                ? fresh
                : null;
        }
        catch (StorageUnavailableException)
        {
            return null;
        }
    }

    private sealed record ScrapeConnection;
}
