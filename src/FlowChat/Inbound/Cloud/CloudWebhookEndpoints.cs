using System.Net.Mime;
using Microsoft.OpenApi;

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
            .WithSummary("Events of the app's numbers, signed with its secret")
            .Produces<WebhookAnswer>()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status408RequestTimeout)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .AddOpenApiOperationTransformer(
                (operation, _, _) =>
                {
                    operation.RequestBody = new OpenApiRequestBody
                    {
                        Required = true,
                        Description = "Meta's envelope: object, entry.",
                        Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
                        {
                            [MediaTypeNames.Application.Json] = new()
                            {
                                Schema = new OpenApiSchema { Type = JsonSchemaType.Object },
                            },
                        },
                    };
                    return Task.CompletedTask;
                }
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
