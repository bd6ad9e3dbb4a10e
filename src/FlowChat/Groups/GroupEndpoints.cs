using FlowChat.Accounts;
using FlowChat.Json;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FlowChat.Groups;

internal static class GroupEndpoints
{
    public static void MapGroups(this IEndpointRouteBuilder routes)
    {
        var read = routes
            .MapGroup("/api/groups")
            .WithTags("Groups")
            .RequireAuthorization(Policies.Viewer);
        read.MapGet("", ListAsync).WithSummary("The groups that the numbers are in");
        read.MapGet("{id:guid}", GetAsync)
            .WithSummary("One group, with who is in it")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Ok<PageOf<GroupSummary>>> ListAsync(
        Caller caller,
        GroupQuery query,
        CancellationToken cancellationToken,
        Guid? cursor = null,
        int limit = 100
    ) =>
        TypedResults.Ok(
            await query.ReadPageAsync(
                caller.TenantId,
                cursor,
                Math.Clamp(limit, 1, 200),
                cancellationToken
            )
        );

    private static async Task<Results<Ok<GroupDetail>, ProblemHttpResult>> GetAsync(
        Guid id,
        Caller caller,
        GroupQuery query,
        CancellationToken cancellationToken
    ) =>
        await query.FindAsync(caller.TenantId, id, cancellationToken) is { } group
            ? TypedResults.Ok(group)
            : Problems.NotFound("group");
}
