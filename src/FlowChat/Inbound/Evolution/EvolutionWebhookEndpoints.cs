namespace FlowChat.Inbound.Evolution;

/// <summary>POST /webhooks/evolution/{instanceId}[/{secret}][/{event}]: the address in all forms that Evolution can be given.</summary>
internal static class EvolutionWebhookEndpoints
{
    public static void MapEvolutionWebhooks(this IEndpointRouteBuilder routes)
    {
        var webhooks = routes
            .MapGroup("/webhooks/evolution/{instanceId}")
            .WithTags("Webhooks")
            .AllowAnonymous();
        Describe(webhooks.MapPost("", ByHeaderAsync), "Events, the secret in a header");
        Describe(
            webhooks.MapPost("{secretOrEvent}", ByPathAsync),
            "Events, the secret in the path; or in a header and the event's name in the path"
        );
        Describe(
            webhooks.MapPost("{secret}/{event}", ByLongPathAsync),
            "Events, the secret and the event's name in the path"
        );
    }

    private static Task<IResult> ByHeaderAsync(
        string instanceId,
        HttpContext context,
        EvolutionWebhook webhook,
        CancellationToken cancellationToken
    ) => webhook.HandleAsync(context, instanceId, null, null, cancellationToken);

    private static Task<IResult> ByPathAsync(
        string instanceId,
        string secretOrEvent,
        HttpContext context,
        EvolutionWebhook webhook,
        CancellationToken cancellationToken
    ) => webhook.HandleAsync(context, instanceId, secretOrEvent, null, cancellationToken);

    private static Task<IResult> ByLongPathAsync(
        string instanceId,
        string secret,
        string @event,
        HttpContext context,
        EvolutionWebhook webhook,
        CancellationToken cancellationToken
    ) => webhook.HandleAsync(context, instanceId, secret, @event, cancellationToken);

    private static void Describe(RouteHandlerBuilder route, string summary) =>
        route.DescribeWebhook(summary, "Evolution's envelope: event, instance, data.");
}
