using System.Security.Cryptography;
using FlowChat.Gateways;
using FlowChat.Inbound;
using FlowChat.Storage;
using FlowChat.Storage.KeyRing;

namespace FlowChat.Instances;

/// <summary>Makes a number's gateway call us: registers our webhook, and makes the instance where the gateway doesn't know it.</summary>
internal sealed class InstanceSetup(GatewayCatalog gateways, TenantWriter writer, SecretBox secrets)
{
    private const int MostWaiting = 6;

    /// <summary>A new secret. Those that the gateway may have hold on until it has taken this one, and some time after.</summary>
    public void Issue(Instance instance, string secret, DateTimeOffset now)
    {
        var known = instance.WebhookSecretHashes;
        instance.WebhookSecretHashes =
        [
            WebhookSecret.Hash(secret),
            .. instance.SecretRotatedAt is null
                // The last one is what the gateway is known to have taken.
                ? known.Take(MostWaiting).Concat(known.Skip(MostWaiting).TakeLast(1))
                : known.Take(1),
        ];
        instance.WebhookSecretSealed = secrets.Seal(secret);
        instance.SecretRotatedAt = instance.WebhookUrl is null ? now : null;
        instance.WebhookSetAt = null;
    }

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
        if (answer is not AccountAnswer.Done done)
        {
            return null;
        }
        var release = await gateways.For(instance).ReadReleaseAsync(instance, cancellationToken);
        var change = new ChangeInstance(
            instance.Id,
            (row, now) =>
            {
                Take(done, row, now);
                row.Learn(release);
                // Changed meanwhile, nobody knows which of the two the gateway heard last: it is told again.
                var holds = IsAsTold(row, instance, secret);
                row.WebhookSetAt = holds ? now : null;
                row.SecretRotatedAt ??= holds ? now : null;
            }
        );
        return await writer.WriteAsync(tenantId, change, cancellationToken);
    }

    /// <summary>Tells the gateway what it may have heard or not, unless another process does.</summary>
    /// <returns>False = it doesn't take it.</returns>
    public async Task<bool> RunAgainAsync(
        Guid tenantId,
        Instance instance,
        CancellationToken cancellationToken
    )
    {
        var claim = new ClaimSetUp(instance.Id, SecretOf);
        return await writer.WriteAsync(tenantId, claim, cancellationToken) is not { } secret
            || await RunAsync(tenantId, instance, secret, cancellationToken) is not null;
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

    /// <summary>The same each time: however often the gateway is told, and whoever does it, it has one that holds.</summary>
    private string SecretOf(Instance instance, DateTimeOffset now)
    {
        try
        {
            if (
                instance.WebhookSecretSealed is { } box
                && secrets.Open(box) is var known
                && WebhookSecret.Matches(known, [.. instance.WebhookSecretHashes.Take(1)])
            )
            {
                return known;
            }
        }
        catch (CryptographicException)
        {
            // Sealed with another master key: a new one replaces it.
        }
        var secret = WebhookSecret.New();
        Issue(instance, secret, now);
        return secret;
    }

    private static bool IsAsTold(Instance row, Instance told, string secret) =>
        row.BaseUrl == told.BaseUrl
        && row.InstanceName == told.InstanceName
        && row.WebhookUrl == told.WebhookUrl
        && WebhookSecret.Matches(secret, row.WebhookSecretHashes[..1]);
}
