using System.Net.Mime;
using FlowChat.Accounts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FlowChat.Messages;

internal static class RawMessageEndpoint
{
    public static void MapRawMessages(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/api/messages/{id:guid}/raw", GetAsync)
            .WithTags("Messages")
            .RequireAuthorization(Policies.Admin)
            .WithSummary("An unsupported message as its gateway sent it")
            .Produces<string>(contentType: MediaTypeNames.Application.Json)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> GetAsync(
        Guid id,
        Caller caller,
        RawMessages messages,
        CancellationToken cancellationToken
    ) =>
        await messages.FindAsync(caller.TenantId, id, cancellationToken) is { } raw
            ? TypedResults.Text(raw, MediaTypeNames.Application.Json)
            : Problems.NotFound("unsupported message");
}
