using Microsoft.AspNetCore.Http.Features;

namespace FlowChat.Operations;

/// <summary>What to do about an answer that says no more than its status.</summary>
internal static class StatusDetail
{
    public static string? Of(HttpContext context) =>
        context.Response.StatusCode switch
        {
            StatusCodes.Status400BadRequest => "The request can't be read.",
            StatusCodes.Status404NotFound =>
                $"There is nothing at {context.Request.Path}: /openapi/v1.json lists what there is.",
            StatusCodes.Status405MethodNotAllowed =>
                $"{context.Request.Method} isn't possible here: use {context.Response.Headers.Allow}.",
            StatusCodes.Status413PayloadTooLarge => TooLarge(context),
            StatusCodes.Status415UnsupportedMediaType =>
                "Send a JSON object, with the header Content-Type: application/json.",
            StatusCodes.Status500InternalServerError =>
                "FlowChat failed at this request. Its log says why, under this traceId.",
            _ => null,
        };

    private static string TooLarge(HttpContext context) =>
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize is { } most
            ? $"The body is too large: at most {most / 1024} KB are taken here."
            : "The body is too large.";
}
