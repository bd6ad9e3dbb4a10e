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
    // What the other side wrote last: some gateways show that somebody types beneath it.
    private const string FindLast = $"""
        select wa_id from messages
        where conversation_id = {KnownConversation.Id} and direction = 'in' and type not in ('call', 'system') and wa_id is not null
        order by sent_at desc, arrival desc limit 1
        """;

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
            var last = await transaction.ReadAsync(
                FindLast,
                [SqlBatch.Value(conversationId)],
                row => row.GetString(0),
                cancellationToken
            );
            // The gateway holds the call for as long as it shows.
            _ = gateways
                .For(line.Instance)
                .ShowTypingAsync(
                    line.Instance,
                    line.Jid,
                    last.FirstOrDefault(),
                    host.ApplicationStopping
                );
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
