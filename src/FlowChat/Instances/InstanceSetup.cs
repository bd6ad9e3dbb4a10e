using FlowChat.Gateways;
using FlowChat.Inbound;
using FlowChat.Storage;

namespace FlowChat.Instances;

/// <summary>Makes a number's gateway call us: registers our webhook, and makes the instance where the gateway doesn't know it.</summary>
internal sealed class InstanceSetup(GatewayCatalog gateways, TenantWriter writer)
{
    /// <param name="tenantId">The number's tenant.</param>
    /// <param name="instance">The number.</param>
    /// <param name="secret">One whose hash is in the number's row already.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>Null = the gateway doesn't call us, or not with this secret.</returns>
    public async Task<InstanceView?> RunAsync(
        Guid tenantId,
        Instance instance,
        string secret,
        CancellationToken cancellationToken
    )
    {
        if (gateways.AccountOf(instance) is not { } account || instance.WebhookUrl is not { } url)
        {
            return null;
        }
        var webhook = new GatewayWebhook(url, secret);
        var answer = await account.SetWebhookAsync(instance, webhook, cancellationToken);
        if (answer is AccountAnswer.Missing)
        {
            answer = await account.CreateAsync(instance, webhook, cancellationToken);
        }
        return answer is AccountAnswer.Done done
            ? await writer.WriteAsync(
                tenantId,
                new ChangeInstance(
                    instance.Id,
                    (now, at) =>
                    {
                        now.WebhookSetAt = at;
                        Take(done, now, at);
                    }
                ),
                cancellationToken
            )
            : null;
    }

    /// <summary>With a new secret, as only the hash of the one before is known; both hold.</summary>
    public async Task<bool> RunAgainAsync(
        Guid tenantId,
        Instance instance,
        CancellationToken cancellationToken
    )
    {
        var secret = WebhookSecret.New();
        await writer.WriteAsync(
            tenantId,
            new ChangeInstance(
                instance.Id,
                // The newest, which the gateway may have taken without telling so, and the one that an admin was shown.
                (now, _) =>
                    now.WebhookSecretHashes = [
                        WebhookSecret.Hash(secret),
                        .. now.WebhookSecretHashes.Take(1),
                        .. now.WebhookSecretHashes.Skip(1).TakeLast(1),
                    ]
            ),
            cancellationToken
        );
        return await RunAsync(tenantId, instance, secret, cancellationToken) is not null;
    }

    /// <summary>What the gateway told of the number while it was asked for something else.</summary>
    public static void Take(AccountAnswer.Done done, Instance instance, DateTimeOffset at)
    {
        if (done.State is { } state && state != instance.State)
        {
            instance.Become(state, null, at);
        }
        if (done.Qr is { } qr)
        {
            instance.Show(qr, at);
        }
    }
}
