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
    private const string FindPhone =
        "select "
        + InstanceRow.Columns
        + """
            ,
                   coalesce(g.jid, (
                     select value || case kind when 'phone' then '@s.whatsapp.net' else '@lid' end
                     from contact_identities where contact_id = c.contact_id
                     order by kind = 'phone' desc, created_at, value limit 1))
            from conversations c
            join instances i on i.tenant_id = c.tenant_id and i.id = c.instance_id and i.deleted_at is null
            left join groups g on g.tenant_id = c.tenant_id and g.id = c.group_id
            where c.id = coalesce((select conversation_id from joined_conversations where id = $1), $1)
            """;

    private const int JidColumn = 16;

    /// <returns>False: there is no such conversation, or its number was removed.</returns>
    public async Task<bool> ShowAsync(
        Guid tenantId,
        Guid conversationId,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await database.BeginAsync(tenantId, cancellationToken);
        var found = await transaction.ReadAsync(
            FindPhone,
            [SqlBatch.Value(conversationId)],
            row => (Instance: InstanceRow.Read(row), Jid: row.TextOrNull(JidColumn)),
            cancellationToken
        );
        if (found is not [var (instance, jid)])
        {
            return false;
        }
        if (jid is not null && InstanceState.CanSend(instance.State))
        {
            // The gateway holds the call for as long as it shows.
            _ = gateways.For(instance).ShowTypingAsync(instance, jid, host.ApplicationStopping);
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
