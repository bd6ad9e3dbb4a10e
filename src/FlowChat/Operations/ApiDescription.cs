using FlowChat.Accounts;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace FlowChat.Operations;

/// <summary>/openapi/v1.json.</summary>
internal static class ApiDescription
{
    public static void AddApiDescription(this IServiceCollection services) =>
        services.AddOpenApi(options =>
        {
            options.CreateSchemaReferenceId = type =>
                OpenApiOptions
                    .CreateDefaultSchemaReferenceId(type)
                    ?.Replace("PageOfOf", "PageOf", StringComparison.Ordinal);
            options.AddDocumentTransformer(
                (document, _, _) =>
                {
                    Introduce(document);
                    return Task.CompletedTask;
                }
            );
            options.AddOperationTransformer(CloseAsync);
        });

    public static void MapApiDescription(this IEndpointRouteBuilder routes) =>
        routes.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();

    private static void Introduce(OpenApiDocument document)
    {
        document.Info = new()
        {
            Title = "FlowChat",
            Version = "v1",
            Description = "A WhatsApp team inbox and the durable message engine under it.",
        };
        document.Components ??= new();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(
            StringComparer.Ordinal
        )
        {
            ["api_key"] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "A key of POST /api/api-keys.",
            },
            ["session"] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Cookie,
                Name = SessionCookie.Name,
                Description =
                    $"What changes something also needs our own Origin and {CsrfGuard.Header}: the csrf_token of GET /api/me.",
            },
        };
    }

    /// <summary>What holds for every route that isn't open to strangers.</summary>
    private static async Task CloseAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<IAllowAnonymous>().Any())
        {
            return;
        }
        operation.Security =
        [
            new() { [new OpenApiSecuritySchemeReference("api_key", context.Document)] = [] },
            new() { [new OpenApiSecuritySchemeReference("session", context.Document)] = [] },
        ];
        context.Document!.AddComponent(
            nameof(ProblemDetails),
            await context.GetOrCreateSchemaAsync(
                typeof(ProblemDetails),
                cancellationToken: cancellationToken
            )
        );
        AddProblem("401", "Not signed in");
        AddProblem("403", "Not allowed");
        AddProblem("503", "The database is away: try again");

        void AddProblem(string status, string description) =>
            (operation.Responses ??= []).TryAdd(
                status,
                new OpenApiResponse
                {
                    Description = description,
                    Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
                    {
                        ["application/problem+json"] = new()
                        {
                            Schema = new OpenApiSchemaReference(
                                nameof(ProblemDetails),
                                context.Document
                            ),
                        },
                    },
                }
            );
    }
}
