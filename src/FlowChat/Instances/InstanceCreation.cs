using FlowChat.Accounts;
using FlowChat.Gateways;
using FlowChat.Gateways.OutboundHttp;
using FlowChat.Inbound;
using FlowChat.Settings;
using FlowChat.Storage;
using FlowChat.Storage.KeyRing;

namespace FlowChat.Instances;

/// <summary>Makes an instance from what an admin typed. The gateway may be away: its state says so.</summary>
internal sealed class InstanceCreation(
    TenantWriter writer,
    GatewayCatalog gateways,
    AddressPolicy policy,
    SecretBox secrets,
    InstanceSetup setup,
    FlowChatSettings settings,
    TimeProvider clock
)
{
    private const string Evolution = "evolution";

    /// <summary>Reads what an admin typed; an Evolution instance must have it all.</summary>
    public Task<InstanceFields> ReadAsync(
        CreateInstanceRequest typed,
        FieldErrors errors,
        CancellationToken cancellationToken
    )
    {
        errors.Require(
            typed.Gateway is { } gateway && gateways.Knows(gateway),
            "gateway",
            "Give evolution or sandbox."
        );
        var missing = typed.Gateway == Evolution ? "" : null;
        return InstanceFields.ReadAsync(
            new(
                typed.Name ?? "",
                typed.BaseUrl ?? missing,
                typed.ApiKey ?? missing,
                typed.InstanceName ?? missing
            ),
            errors,
            policy,
            cancellationToken
        );
    }

    public async Task<CreatedInstance> CreateAsync(
        Guid tenantId,
        string gateway,
        InstanceFields fields,
        HttpRequest from,
        CancellationToken cancellationToken
    )
    {
        var secret = WebhookSecret.New();
        var instance = new Instance
        {
            Id = Guid.CreateVersion7(),
            Name = fields.Name!,
            Gateway = gateway,
            BaseUrl = fields.BaseUrl,
            InstanceName = fields.InstanceName,
            ApiKeyEncrypted = fields.ApiKey is { } key ? secrets.Seal(key) : null,
            WebhookSecretHashes = [WebhookSecret.Hash(secret)],
            State = InstanceState.Unknown,
            CreatedAt = clock.GetStorableNow(),
        };
        var answer = await gateways.For(instance).ReadStateAsync(instance, cancellationToken);
        instance.State = answer.State;
        instance.StateReason = answer.Reason;
        instance.WebhookUrl = WebhookUrl(instance, from)?.ToString();
        // Before the gateway hears of it: its first webhook may be faster than its answer.
        var view = await writer.WriteAsync(
            tenantId,
            new CreateInstance(instance),
            cancellationToken
        );
        if (answer.State != InstanceState.Unreachable && !answer.KeyRefused)
        {
            view = await setup.RunAsync(tenantId, instance, secret, cancellationToken) is { } done
                ? done
                : view;
        }
        return new(
            view.Id,
            view.Name,
            view.Gateway,
            view.BaseUrl,
            view.InstanceName,
            view.State,
            view.StateReason,
            instance.WebhookUrl is { } url ? new(url) : null,
            secret,
            view.WebhookSetAt
        );
    }

    /// <summary>Null = its gateway calls nobody back.</summary>
    public Uri? WebhookUrl(Instance instance, HttpRequest from)
    {
        if (instance.Gateway != Evolution)
        {
            return null;
        }
        var root = settings.PublicUrl?.ToString().TrimEnd('/') ?? $"{from.Scheme}://{from.Host}";
        return new($"{root}/webhooks/{instance.Gateway}/{instance.Id}");
    }
}
