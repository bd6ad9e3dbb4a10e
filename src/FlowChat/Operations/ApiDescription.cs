using FlowChat.Accounts;
using Microsoft.AspNetCore.Authorization;
using Microsoft.OpenApi;

namespace FlowChat.Operations;

/// <summary>/openapi/v1.json.</summary>
internal static class ApiDescription
{
    public static void AddApiDescription(this IServiceCollection services) =>
        services.AddOpenApi(options =>
        {
            options.AddDocumentTransformer(
                (document, _, _) =>
                {
                    document.Info = new()
                    {
                        Title = "FlowChat",
                        Version = "v1",
                        Description =
                            "A WhatsApp team inbox and the durable message engine under it.",
                    };
                    document.Components ??= new();
                    document.Components.SecuritySchemes = new Dictionary<
                        string,
                        IOpenApiSecurityScheme
                    >(StringComparer.Ordinal)
                    {
                        ["api_key"] = new OpenApiSecurityScheme
                        {
                            Type = SecuritySchemeType.Http,
                            Scheme = "bearer",
                        },
                        ["session"] = new OpenApiSecurityScheme
                        {
                            Type = SecuritySchemeType.ApiKey,
                            In = ParameterLocation.Cookie,
                            Name = SessionCookie.Name,
                        },
                    };
                    return Task.CompletedTask;
                }
            );
            options.AddOperationTransformer(
                (operation, context, _) =>
                {
                    if (
                        context
                            .Description.ActionDescriptor.EndpointMetadata.OfType<IAllowAnonymous>()
                            .Any()
                    )
                    {
                        return Task.CompletedTask;
                    }
                    operation.Security =
                    [
                        new()
                        {
                            [new OpenApiSecuritySchemeReference("api_key", context.Document)] = [],
                        },
                        new()
                        {
                            [new OpenApiSecuritySchemeReference("session", context.Document)] = [],
                        },
                    ];
                    operation.Responses ??= [];
                    operation.Responses.TryAdd(
                        "401",
                        new OpenApiResponse { Description = "Not signed in" }
                    );
                    operation.Responses.TryAdd(
                        "403",
                        new OpenApiResponse { Description = "Not allowed" }
                    );
                    return Task.CompletedTask;
                }
            );
        });

    public static void MapApiDescription(this IEndpointRouteBuilder routes) =>
        routes.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
}
