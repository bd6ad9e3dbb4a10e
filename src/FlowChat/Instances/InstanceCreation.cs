using FlowChat.Gateways;
using FlowChat.Inbound;
using FlowChat.Settings;
using FlowChat.Storage;
using FlowChat.Storage.KeyRing;

namespace FlowChat.Instances;

/// <summary>Makes an instance from what an admin typed. The gateway may be away: its state says so.</summary>
internal sealed class InstanceCreation(
    TenantWriter writer,
    GatewayCatalog gateways,
    SecretBox secrets,
    FlowChatSettings settings,
    TimeProvider clock
)
{
    public Dictionary<string, string[]>? Validate(CreateInstanceRequest request)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        Require("name", request.Name, "Give the number a name for the team, such as Loja Centro.");
        if (request.Gateway is null || !gateways.Knows(request.Gateway))
        {
            errors["gateway"] = ["Give evolution or sandbox."];
        }
        if (request.Gateway == "evolution")
        {
            if (!IsHttpUrl(request.BaseUrl))
            {
                errors["base_url"] =
                [
                    "Give the gateway's http or https address, such as https://evolution.example.com.",
                ];
            }
            Require(
                "api_key",
                request.ApiKey,
                "Give the gateway's apikey, or the instance's token."
            );
            Require(
                "instance_name",
                request.InstanceName,
                "Give the instance's name in the gateway."
            );
        }
        return errors.Count > 0 ? errors : null;

        void Require(string field, string? value, string remedy)
        {
            if (string.IsNullOrWhiteSpace(value))
            {
                errors[field] = [remedy];
            }
        }
    }

    public async Task<CreatedInstance> CreateAsync(
        Guid tenantId,
        CreateInstanceRequest request,
        HttpRequest from,
        CancellationToken cancellationToken
    )
    {
        var secret = WebhookSecret.New();
        var instance = new Instance
        {
            Id = Guid.CreateVersion7(),
            Name = StorableText.Clean(request.Name!.Trim()),
            Gateway = request.Gateway!,
            BaseUrl = request.BaseUrl?.Trim(),
            InstanceName = request.InstanceName is { } name
                ? StorableText.Clean(name.Trim())
                : null,
            ApiKeyEncrypted = request.ApiKey is { } key ? secrets.Seal(key.Trim()) : null,
            WebhookSecretHashes = [WebhookSecret.Hash(secret)],
            State = InstanceState.Unknown,
            CreatedAt = clock.GetStorableNow(),
        };
        var answer = await gateways.For(instance).ReadStateAsync(instance, cancellationToken);
        instance.State = answer.State;
        instance.StateReason = answer.Reason;
        await writer.WriteAsync(tenantId, new CreateInstance(instance), cancellationToken);
        return new(
            instance.Id,
            instance.Name,
            instance.Gateway,
            instance.BaseUrl,
            instance.InstanceName,
            instance.State,
            instance.StateReason,
            WebhookUrl(instance, from),
            secret
        );
    }

    public static bool IsHttpUrl(string? text) =>
        Uri.TryCreate(text?.Trim(), UriKind.Absolute, out var url)
        && url.Scheme is "http" or "https";

    private Uri WebhookUrl(Instance instance, HttpRequest from)
    {
        var root = settings.PublicUrl?.ToString().TrimEnd('/') ?? $"{from.Scheme}://{from.Host}";
        return new($"{root}/webhooks/{instance.Gateway}/{instance.Id}");
    }
}
