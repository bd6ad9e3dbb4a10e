using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace FlowChat.Operations;

/// <summary>Names a request's span by its route: the address itself may hold a webhook's secret.</summary>
internal static class RequestSpans
{
    /// <summary>After the routing.</summary>
    public static void UseRequestSpans(this IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
            {
                var span = context.Features.Get<IHttpActivityFeature>()?.Activity;
                return span is { IsAllDataRequested: true }
                    ? DescribeAsync(span, context, next)
                    : next(context);
            }
        );

    private static async Task DescribeAsync(
        Activity span,
        HttpContext context,
        RequestDelegate next
    )
    {
        var method = context.Request.Method;
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        span.DisplayName = route is null ? method : $"{method} {route}";
        span.SetTag("http.request.method", method);
        span.SetTag("http.route", route);
        await next(context);
        span.SetTag("http.response.status_code", context.Response.StatusCode);
    }
}
