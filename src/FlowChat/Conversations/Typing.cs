using FlowChat.Accounts;
using FlowChat.Gateways;
using FlowChat.Instances;
using FlowChat.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FlowChat.Conversations;

/// <summary>Lets the other side see for some seconds that an agent types. Nobody waits for the gateway.</summary>
internal sealed class Typing(
    Database database,
    GatewayCatalog gateways,
    IHostApplicationLifetime host
)
{
    /// <returns>False: there is no such conversation, or its number was removed.</returns>
    public async Task<bool> ShowAsync(
        Guid tenantId,
        Guid conversationId,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await database.BeginAsync(tenantId, cancellationToken);
        if (
            await ChatLine.FindAsync(transaction, conversationId, cancellationToken) is not { } line
        )
        {
            return false;
        }
        if (line.Jid is not null && InstanceState.CanSend(line.Instance.State))
        {
            // The gateway holds the call for as long as it shows.
            _ = gateways
                .For(line.Instance)
                .ShowTypingAsync(line.Instance, line.Jid, host.ApplicationStopping);
        }
        return true;
    }
}

internal static class TypingEndpoint
{
    public static void MapTyping(this IEndpointRouteBuilder routes) =>
        routes
            .MapPost("/api/conversations/{id:guid}/typing", ShowAsync)
            .WithTags("Conversations")
            .RequireAuthorization(Policies.Agent)
            .WithSummary("Show the other side for some seconds that an agent types")
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<NoContent, ProblemHttpResult>> ShowAsync(
        Guid id,
        Caller caller,
        Typing typing,
        CancellationToken cancellationToken
    ) =>
        await typing.ShowAsync(caller.TenantId, id, cancellationToken)
            ? TypedResults.NoContent()
            : Problems.NotFound("conversation");
}
