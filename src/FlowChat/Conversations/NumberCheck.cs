using FlowChat.Contacts;
using FlowChat.Gateways;
using FlowChat.Instances;
using FlowChat.Storage;
using static FlowChat.Storage.SqlBatch;

namespace FlowChat.Conversations;

/// <summary>Asks the gateway under which addresses WhatsApp knows a number, before the first message to it.</summary>
internal sealed class NumberCheck(
    Database database,
    InstanceQuery instances,
    GatewayCatalog gateways
)
{
    private const string IsKnown = """
        select exists (
          select from contact_identities i
          join conversations c on c.tenant_id = i.tenant_id and c.contact_id = i.contact_id
          where c.instance_id = $1 and (i.kind, i.value) in (select * from unnest($2::text[], $3::text[]))
        )
        """;

    /// <returns>Where to write to. The number as it was typed, where nobody says otherwise; null = nobody on WhatsApp has it.</returns>
    public async Task<IReadOnlyList<Identity>?> FindAsync(
        Guid tenantId,
        Guid instanceId,
        string digits,
        CancellationToken cancellationToken
    )
    {
        var typed = new Identity(IdentityKind.Phone, digits);
        if (
            await IsKnownAsync(tenantId, instanceId, typed, cancellationToken)
            || await instances.FindAsync(tenantId, instanceId, cancellationToken)
                is not { State: InstanceState.Open } instance
            || gateways.PeopleOf(instance) is not { } people
        )
        {
            return [typed];
        }
        return await people.FindNumberAsync(instance, digits, cancellationToken) switch
        {
            NumberAnswer.Found found => found.Addresses,
            NumberAnswer.Nobody => null,
            _ => [typed],
        };
    }

    private async Task<bool> IsKnownAsync(
        Guid tenantId,
        Guid instanceId,
        Identity phone,
        CancellationToken cancellationToken
    )
    {
        List<Identity> identities = [.. BrazilianLine.WithLines([phone])];
        await using var transaction = await database.BeginAsync(tenantId, cancellationToken);
        var found = await transaction.ReadAsync(
            IsKnown,
            [
                Value(instanceId),
                Column(identities, identity => identity.Kind),
                Column(identities, identity => identity.Value),
            ],
            row => row.GetBoolean(0),
            cancellationToken
        );
        return found is [true];
    }
}
