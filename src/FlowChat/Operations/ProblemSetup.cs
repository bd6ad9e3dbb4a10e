using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace FlowChat.Operations;

/// <summary>Every error leaves as ProblemDetails that says what to do; what may pass by itself is a 503.</summary>
internal static class ProblemSetup
{
    public static void AddProblems(this IServiceCollection services)
    {
        services.AddProblemDetails(options =>
            options.CustomizeProblemDetails = context =>
                context.ProblemDetails.Detail ??= StatusDetail.Of(context.HttpContext)
        );
        services.AddExceptionHandler<ProblemWriter>();
        // A request that can't be read is told to its sender with what is wrong.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
    }

    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
    }
}

internal sealed class ProblemWriter(IProblemDetailsService problems) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(
        HttpContext context,
        Exception exception,
        CancellationToken cancellationToken
    )
    {
        if (Describe(context, exception) is not { } problem)
        {
            return false;
        }
        context.Response.StatusCode = problem.Status!.Value;
        if (problem.Status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = "5";
        }
        return await problems.TryWriteAsync(
            new()
            {
                HttpContext = context,
                ProblemDetails = problem,
                Exception = exception,
            }
        );
    }

    private static ProblemDetails? Describe(HttpContext context, Exception exception) =>
        exception switch
        {
            // A read that fails with its connection; writes say so by themselves.
            _ when Outage.IsPassing(exception) => new()
            {
                Status = StatusCodes.Status503ServiceUnavailable,
                Title = "Try again",
                Detail = "The database is away.",
            },
            InvalidOperationException { InnerException: ArgumentException } unreadable
                when unreadable.Message.Contains("charset", StringComparison.Ordinal) => new()
            {
                Status = StatusCodes.Status415UnsupportedMediaType,
                Title = "The body can't be read",
                Detail = "Its charset is unknown: send application/json in UTF-8.",
            },
            BadHttpRequestException bad => UnreadableRequest.Describe(context, bad),
            _ => null,
        };
}
