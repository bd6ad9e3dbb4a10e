using Dapper;
using FlowChat.Messages;
using FlowChat.Storage;

namespace FlowChat.Gateways.Sandbox;

/// <summary>What the phone in the browser needs to know of its conversation.</summary>
internal sealed class SandboxPhone(Database database)
{
    private const string IsSandbox =
        "select exists (select from instances where id = @instanceId and gateway = 'sandbox' and deleted_at is null)";

    private const string FindConversation = """
        select c.id from contact_identities i
        join conversations c on c.tenant_id = i.tenant_id and c.contact_id = i.contact_id
        where i.kind = 'phone' and i.value = @digits and c.instance_id = @instanceId
        """;

    private const string FindUnread = """
        select m.wa_id from contact_identities i
        join conversations c on c.tenant_id = i.tenant_id and c.contact_id = i.contact_id
        join messages m on m.tenant_id = c.tenant_id and m.conversation_id = c.id
        where i.kind = 'phone' and i.value = @digits and c.instance_id = @instanceId
          and m.direction = 'out' and m.wa_id is not null and m.status = any(@before)
        """;

    public static string? Digits(string? phone)
    {
        var digits = string.Concat((phone ?? "").Where(char.IsAsciiDigit));
        return digits.Length is >= 8 and <= 15 ? digits : null;
    }

    public async Task<bool> IsSandboxAsync(
        Guid tenantId,
        Guid instanceId,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await database.BeginAsync(tenantId, cancellationToken);
        return await transaction.Connection.ExecuteScalarAsync<bool>(
            new CommandDefinition(
                IsSandbox,
                new { instanceId },
                transaction.Transaction,
                cancellationToken: cancellationToken
            )
        );
    }

    public async Task<Guid?> FindConversationAsync(
        Guid tenantId,
        Guid instanceId,
        string digits,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await database.BeginAsync(tenantId, cancellationToken);
        return await transaction.Connection.QueryFirstOrDefaultAsync<Guid?>(
            new CommandDefinition(
                FindConversation,
                new { instanceId, digits },
                transaction.Transaction,
                cancellationToken: cancellationToken
            )
        );
    }

    /// <summary>What the phone was sent and has not yet come as far as <paramref name="status"/>.</summary>
    public async Task<IReadOnlyList<string>> FindUnreadAsync(
        Guid tenantId,
        Guid instanceId,
        string digits,
        string status,
        CancellationToken cancellationToken
    )
    {
        string[] before =
            status == MessageStatus.Read
                ? [MessageStatus.Sent, MessageStatus.Delivered]
                : [MessageStatus.Sent];
        await using var transaction = await database.BeginAsync(tenantId, cancellationToken);
        var waIds = await transaction.Connection.QueryAsync<string>(
            new CommandDefinition(
                FindUnread,
                new
                {
                    instanceId,
                    digits,
                    before,
                },
                transaction.Transaction,
                cancellationToken: cancellationToken
            )
        );
        return waIds.AsList();
    }
}
