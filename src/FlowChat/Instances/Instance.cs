using FlowChat.Contacts;
using FlowChat.Gateways;

namespace FlowChat.Instances;

/// <summary>A WhatsApp number and the gateway that it is connected through.</summary>
internal sealed class Instance
{
    public required Guid Id { get; init; }
    public required string Name { get; set; }
    public required string Gateway { get; init; }
    public string? BaseUrl { get; set; }
    public string? InstanceName { get; set; }
    public byte[]? ApiKeyEncrypted { get; set; }
    public byte[][] WebhookSecretHashes { get; set; } = [];
    public DateTimeOffset? SecretRotatedAt { get; set; }
    public required string State { get; set; }
    public string? StateReason { get; set; }
    public string? OwnerJid { get; set; }
    public string? Qr { get; set; }
    public DateTimeOffset? QrAt { get; set; }
    public long Version { get; set; } = 1;
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? DeletedAt { get; set; }

    /// <summary>A batch may be repeated: each time from the same draft.</summary>
    public Instance Copy() => (Instance)MemberwiseClone();

    public InstanceView ToView() =>
        new(
            Id,
            Name,
            Gateway,
            BaseUrl,
            InstanceName,
            State,
            StateReason,
            Phone,
            QrAt,
            Version,
            CreatedAt,
            DeletedAt,
            [.. GatewayAbility.Of(Gateway).Order(StringComparer.Ordinal)]
        );

    private string? Phone =>
        OwnerJid is { } jid && WhatsAppAddress.TryParse(jid, out var address)
            ? "+" + address.User
            : null;
}

/// <summary>The gateway's own words, and two for when it doesn't say.</summary>
internal static class InstanceState
{
    public const string Open = "open";
    public const string Connecting = "connecting";
    public const string Close = "close";

    /// <summary>No further pairing code, or the gateway refuses its key: the reason tells which.</summary>
    public const string Refused = "refused";

    /// <summary>The gateway itself doesn't answer.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>The gateway answers, but not about this number: sends are tried, and fail with its reason.</summary>
    public const string Unknown = "unknown";

    public static bool CanSend(string state) => state is Open or Unknown;
}

/// <summary>An instance's JSON. Its abilities are what its gateway can send and do: see <see cref="GatewayAbility"/>.</summary>
public sealed record InstanceView(
    Guid Id,
    string Name,
    string Gateway,
    string? BaseUrl,
    string? InstanceName,
    string State,
    string? StateReason,
    string? Phone,
    DateTimeOffset? QrAt,
    long Version,
    DateTimeOffset CreatedAt,
    DateTimeOffset? DeletedAt,
    IReadOnlyList<string> Abilities
);
