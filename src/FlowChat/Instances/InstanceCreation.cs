using FlowChat.Accounts;
using FlowChat.Gateways;
using FlowChat.Gateways.Cloud;
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
    private const string Cloud = CloudGateway.GatewayName;

    /// <summary>Reads what an admin typed; what its gateway needs must be there.</summary>
    public Task<InstanceFields> ReadAsync(
        CreateInstanceRequest typed,
        FieldErrors errors,
        CancellationToken cancellationToken
    )
    {
        errors.Require(
            typed.Gateway is { } gateway && gateways.Knows(gateway),
            "gateway",
            "Give evolution, cloud or sandbox."
        );
        string? Needed(string? value, params ReadOnlySpan<string> gateways) =>
            value ?? (gateways.Contains(typed.Gateway) ? "" : null);
        return InstanceFields.ReadAsync(
            new(
                typed.Name ?? "",
                typed.Gateway == Cloud
                    ? typed.BaseUrl ?? CloudGateway.DefaultUrl
                    : Needed(typed.BaseUrl, Evolution),
                Needed(typed.ApiKey, Evolution, Cloud),
                Needed(typed.InstanceName, Evolution)
            )
            {
                PhoneNumberId = Needed(typed.PhoneNumberId, Cloud),
                BusinessAccountId = Needed(typed.BusinessAccountId, Cloud),
                AppSecret = Needed(typed.AppSecret, Cloud),
                VerifyToken = typed.VerifyToken,
                SendsPerSecond = typed.SendsPerSecond,
            },
            errors,
            policy,
            cancellationToken
        );
    }

    /// <returns>Null = a number here has its place at the gateway.</returns>
    public async Task<CreatedInstance?> CreateAsync(
        Guid tenantId,
        string gateway,
        InstanceFields fields,
        HttpRequest from,
        CancellationToken cancellationToken
    )
    {
        var secret = fields.VerifyToken ?? WebhookSecret.New();
        var instance = new Instance
        {
            Id = Guid.CreateVersion7(),
            Name = fields.Name!,
            Gateway = gateway,
            BaseUrl = fields.BaseUrl,
            InstanceName = fields.InstanceName,
            ApiKeyEncrypted = fields.ApiKey is { } key ? secrets.Seal(key) : null,
            PhoneNumberId = fields.PhoneNumberId,
            BusinessAccountId = fields.BusinessAccountId,
            AppSecretEncrypted = fields.AppSecret is { } own ? secrets.Seal(own) : null,
            SendsPerSecond = fields.SendsPerSecond,
            State = InstanceState.Unknown,
            CreatedAt = clock.GetStorableNow(),
        };
        var answer = await gateways.For(instance).ReadStateAsync(instance, cancellationToken);
        instance.State = answer.State;
        instance.StateReason = answer.Reason;
        instance.OwnerJid = answer.OwnerJid;
        instance.WebhookUrl = WebhookUrl(instance, from)?.ToString();
        setup.Issue(instance, secret, instance.CreatedAt);
        var isThere = answer.State != InstanceState.Unreachable && !answer.KeyRefused;
        instance.WebhookTriedAt = isThere ? instance.CreatedAt : null;
        // Before the gateway hears of it: its first webhook may be faster than its answer.
        var view = await writer.WriteAsync(
            tenantId,
            new CreateInstance(instance),
            cancellationToken
        );
        if (view is null)
        {
            return null;
        }
        if (isThere)
        {
            view = await setup.RunAsync(tenantId, instance, secret, CancellationToken.None) ?? view;
        }
        return new(
            view.Id,
            view.Name,
            view.Gateway,
            view.BaseUrl,
            view.InstanceName,
            view.State,
            view.StateReason,
            AddressOf(instance, from),
            secret,
            view.WebhookSetAt
        )
        {
            VerifyToken = gateway == Cloud ? secret : null,
        };
    }

    /// <summary>What FlowChat tells the gateway to call. Null = it calls nobody, or a person tells it.</summary>
    public Uri? WebhookUrl(Instance instance, HttpRequest from) =>
        instance.Gateway == Evolution ? AddressOf(instance, from) : null;

    /// <summary>Null = its gateway calls nobody back.</summary>
    public Uri? AddressOf(Instance instance, HttpRequest from)
    {
        if (instance.Gateway is not (Evolution or Cloud))
        {
            return null;
        }
        var root = settings.PublicUrl?.ToString().TrimEnd('/') ?? $"{from.Scheme}://{from.Host}";
        return new($"{root}/webhooks/{instance.Gateway}/{instance.Id}");
    }
}
