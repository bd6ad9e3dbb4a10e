using System.Net.Mime;

namespace FlowChat.Inbound.Cloud;

/// <summary>GET and POST /webhooks/cloud/{instanceId}: the callback URL of a Meta app, for all of its numbers.</summary>
internal static class CloudWebhookEndpoints
{
    public static void MapCloudWebhooks(this IEndpointRouteBuilder routes)
    {
        var webhooks = routes
            .MapGroup("/webhooks/cloud/{instanceId}")
            .WithTags("Webhooks")
            .AllowAnonymous();
        webhooks
            .MapGet("", VerifyAsync)
            .WithSummary("Meta's question whether the address is FlowChat's")
            .Produces<string>(StatusCodes.Status200OK, MediaTypeNames.Text.Plain)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        webhooks
            .MapPost("", ReceiveAsync)
            .DescribeWebhook(
                "Events of the app's numbers, signed with its secret",
                "Meta's envelope: object, entry."
            );
    }

    private static Task<IResult> VerifyAsync(
        string instanceId,
        HttpContext context,
        CloudWebhook webhook,
        CancellationToken cancellationToken
    ) => webhook.VerifyAsync(context, instanceId, cancellationToken);

    private static Task<IResult> ReceiveAsync(
        string instanceId,
        HttpContext context,
        CloudWebhook webhook,
        CancellationToken cancellationToken
    ) => webhook.ReceiveAsync(context, instanceId, cancellationToken);
}
