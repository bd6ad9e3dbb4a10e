using FlowChat.Accounts;
using FlowChat.Gateways.Cloud;
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
    public string? PhoneNumberId { get; private init; }
    public string? BusinessAccountId { get; private init; }
    public string? AppSecret { get; private init; }
    public string? VerifyToken { get; private init; }
    public int? SendsPerSecond { get; private init; }

    private const int MostKeyCharacters = 500;
    private const int MostNameCharacters = 255;
    private const int MostUrlCharacters = 2_000;
    private const int MostDigits = 32;
    private const int MostSends = 1_000;

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
        )
        {
            PhoneNumberId = typed.PhoneNumberId?.Trim(),
            BusinessAccountId = typed.BusinessAccountId?.Trim(),
            AppSecret = typed.AppSecret?.Trim(),
            VerifyToken = typed.VerifyToken?.Trim(),
            SendsPerSecond = typed.SendsPerSecond,
        };
        fields.CheckMeta(errors);
        if (fields.BaseUrl is { } url)
        {
            await CheckUrlAsync(url, errors, policy, cancellationToken);
        }
        errors.Require(
            IsKey(fields.ApiKey),
            "api_key",
            $"Give the gateway's apikey, the instance's token or Meta's access token: 1 to {MostKeyCharacters} plain characters on one line."
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

    /// <summary>What only another gateway has would be kept for nothing, and a verify token in a webhook secret's place.</summary>
    public void RequireOf(string? gateway, FieldErrors errors)
    {
        if (gateway == CloudGateway.GatewayName)
        {
            return;
        }
        foreach (
            var (field, value) in (ReadOnlySpan<(string, object?)>)
                [
                    ("phone_number_id", PhoneNumberId),
                    ("business_account_id", BusinessAccountId),
                    ("app_secret", AppSecret),
                    ("verify_token", VerifyToken),
                    ("sends_per_second", SendsPerSecond),
                ]
        )
        {
            errors.Require(
                value is null,
                field,
                "Leave it out: only numbers of the Cloud API have it."
            );
        }
    }

    private void CheckMeta(FieldErrors errors)
    {
        errors.Require(
            IsId(PhoneNumberId),
            "phone_number_id",
            "Give the phone number ID of Meta's API setup page: digits, and not the number itself."
        );
        errors.Require(
            IsId(BusinessAccountId),
            "business_account_id",
            "Give the WhatsApp Business account ID of Meta's API setup page: digits."
        );
        errors.Require(
            IsKey(AppSecret),
            "app_secret",
            "Give the app secret of Meta's app, under App settings, Basic."
        );
        errors.Require(
            IsKey(VerifyToken),
            "verify_token",
            $"Give 1 to {MostKeyCharacters} plain characters on one line, or leave it out: one is made."
        );
        errors.Require(
            SendsPerSecond is null or (> 0 and <= MostSends),
            "sends_per_second",
            $"Give 1 to {MostSends}: 80 is usual, 20 for a number that the WhatsApp Business app uses as well."
        );
    }

    private static bool IsId(string? id) =>
        id is null || (id.Length is > 0 and <= MostDigits && id.All(char.IsAsciiDigit));

    private static bool IsKey(string? key) =>
        key is null
        || (key.Length is > 0 and <= MostKeyCharacters && key.All(c => c is >= ' ' and <= '~'));

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
            "Give the address alone: no user or password before the host, nothing after ? or #.",
            ProblemCode.AddressWithSecret
        );
        var refusal = await policy.RefusalOfAsync(url, cancellationToken);
        errors.Require(refusal is null, "base_url", refusal ?? "", ProblemCode.AddressNotAllowed);
    }
}
