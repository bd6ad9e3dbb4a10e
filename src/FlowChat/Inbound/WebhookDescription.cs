using System.Net.Mime;
using Microsoft.OpenApi;

namespace FlowChat.Inbound;

internal static class WebhookDescription
{
    /// <summary>What a gateway sends there, and what it may be answered.</summary>
    public static void DescribeWebhook(
        this RouteHandlerBuilder route,
        string summary,
        string envelope
    ) =>
        route
            .WithSummary(summary)
            .Produces<WebhookAnswer>()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status408RequestTimeout)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .AddOpenApiOperationTransformer(
                (operation, _, _) =>
                {
                    // Accepts<T>() would refuse other content types: what can't be read goes to the quarantine instead.
                    operation.RequestBody = new OpenApiRequestBody
                    {
                        Required = true,
                        Description = envelope,
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
