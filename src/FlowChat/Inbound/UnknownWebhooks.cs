namespace FlowChat.Inbound;

/// <summary>Answers webhooks for addresses that lead nowhere yet: a 401 or 404 would end a gateway's retries for good.</summary>
internal static class UnknownWebhooks
{
    public static void MapUnknownWebhooks(this IEndpointRouteBuilder routes) =>
        routes
            .MapPost(
                "/webhooks/{**address}",
                (HttpContext context) =>
                    ComeAgain(context, "No instance has this webhook address here.")
            )
            .AllowAnonymous()
            .ExcludeFromDescription();

    public static IResult ComeAgain(HttpContext context, string detail)
    {
        context.Response.Headers.RetryAfter = "5";
        return TypedResults.Problem(
            statusCode: StatusCodes.Status503ServiceUnavailable,
            title: "Try again",
            detail: detail
        );
    }
}
