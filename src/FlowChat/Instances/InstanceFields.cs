using FlowChat.Accounts;
using FlowChat.Gateways.OutboundHttp;

namespace FlowChat.Instances;

/// <summary>What an admin typed of a number, trimmed and checked the same way at its creation and later. Null = not given.</summary>
internal sealed record InstanceFields(
    string? Name,
    string? BaseUrl,
    string? ApiKey,
    string? InstanceName
)
{
    private const int MostKeyCharacters = 500;
    private const int MostNameCharacters = 255;
    private const int MostUrlCharacters = 2_000;

    public static async Task<InstanceFields> ReadAsync(
        ChangeInstanceRequest typed,
        FieldErrors errors,
        AddressPolicy policy,
        CancellationToken cancellationToken
    )
    {
        var fields = new InstanceFields(
            typed.Name is null ? null : errors.Name(typed.Name),
            typed.BaseUrl?.Trim(),
            typed.ApiKey?.Trim(),
            typed.InstanceName?.Trim()
        );
        if (fields.BaseUrl is { } url)
        {
            await CheckUrlAsync(url, errors, policy, cancellationToken);
        }
        errors.Require(
            fields.ApiKey is null
                || (
                    fields.ApiKey.Length is > 0 and <= MostKeyCharacters
                    && fields.ApiKey.All(c => c is >= ' ' and <= '~')
                ),
            "api_key",
            $"Give the gateway's apikey, or the instance's token: 1 to {MostKeyCharacters} plain characters on one line."
        );
        errors.Require(
            fields.InstanceName is null
                || (
                    FieldErrors.IsLine(fields.InstanceName, MostNameCharacters)
                    // As a part of the gateway's addresses these lead elsewhere.
                    && fields.InstanceName is not ("." or "..")
                ),
            "instance_name",
            $"Give the instance's name in the gateway: 1 to {MostNameCharacters} characters on one line."
        );
        return fields;
    }

    private static async Task CheckUrlAsync(
        string typed,
        FieldErrors errors,
        AddressPolicy policy,
        CancellationToken cancellationToken
    )
    {
        if (
            !FieldErrors.IsLine(typed, MostUrlCharacters)
            || !Uri.TryCreate(typed, UriKind.Absolute, out var url)
            || url.Scheme is not ("http" or "https")
        )
        {
            errors.Require(
                false,
                "base_url",
                "Give the gateway's http or https address, such as https://evolution.example.com."
            );
            return;
        }
        // Everyone of the team sees the address: a secret in it would be shown.
        errors.Require(
            url is { UserInfo: "", Query: "", Fragment: "" } && !typed.Contains('@'),
            "base_url",
            "Give the address alone: no user or password before the host, nothing after ? or #."
        );
        var refusal = await policy.RefusalOfAsync(url, cancellationToken);
        errors.Require(refusal is null, "base_url", refusal ?? "");
    }
}
