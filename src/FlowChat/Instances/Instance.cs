using System.Text.Json;
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

    /// <summary>Of Meta's Cloud API.</summary>
    public string? PhoneNumberId { get; set; }
    public string? BusinessAccountId { get; set; }
    public byte[]? AppSecretEncrypted { get; set; }

    /// <summary>Messages a second; null = as many as its gateway usually takes.</summary>
    public int? SendsPerSecond { get; set; }

    /// <summary>See <see cref="SendPace"/>.</summary>
    public DateTimeOffset? PacedUntil { get; set; }

    /// <summary>Those that hold, the newest first.</summary>
    public byte[][] WebhookSecretHashes { get; set; } = [];

    /// <summary>The newest; null where it is older than this column.</summary>
    public byte[]? WebhookSecretSealed { get; set; }

    /// <summary>Since when the newest secret is the gateway's: those before it end some time after. Null while it isn't.</summary>
    public DateTimeOffset? SecretRotatedAt { get; set; }
    public required string State { get; set; }
    public DateTimeOffset StateAt { get; set; }

    /// <summary>When it was connected last; null once an admin logged it out.</summary>
    public DateTimeOffset? OpenedAt { get; set; }
    public string? StateReason { get; set; }
    public string? OwnerJid { get; set; }
    public string? Qr { get; set; }
    public DateTimeOffset? QrAt { get; set; }

    /// <summary>Of the newest word on a code that came by webhook: the gateway's clock, whose zone isn't known.</summary>
    public DateTimeOffset? QrToldAt { get; set; }

    /// <summary>What the gateway shall call; null where it calls nobody, or a person registers it.</summary>
    public string? WebhookUrl { get; set; }

    /// <summary>When the gateway was last told; null while it wasn't.</summary>
    public DateTimeOffset? WebhookSetAt { get; set; }

    /// <summary>When somebody last began to tell it.</summary>
    public DateTimeOffset? WebhookTriedAt { get; set; }

    /// <summary>See <see cref="InstanceAlarm"/>.</summary>
    public string? Alarm { get; set; }
    public DateTimeOffset? AlarmAt { get; set; }

    /// <summary>Up to when the gateway was asked for what its webhooks didn't bring.</summary>
    public DateTimeOffset? FilledAt { get; set; }

    /// <summary>Since when somebody asks for more; null while nobody does.</summary>
    public DateTimeOffset? FillClaimedAt { get; set; }

    /// <summary>Since when its webhooks are known not to come.</summary>
    public DateTimeOffset? SilentAt { get; set; }

    /// <summary>What the gateway says of its release; null = it hasn't told.</summary>
    public string? GatewayVersion { get; set; }

    /// <summary>Whether this release has answered with the id that it was given, or with another; null = neither yet.</summary>
    public bool? HeedsIds { get; set; }

    /// <summary>Up to when the gateway was asked for sends in doubt.</summary>
    public DateTimeOffset? SearchedAt { get; set; }

    /// <summary>Since when somebody asks for them; null while nobody does.</summary>
    public DateTimeOffset? SearchClaimedAt { get; set; }
    public long Version { get; set; } = 1;
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? DeletedAt { get; set; }

    /// <summary>A batch may be repeated: each time from the same draft.</summary>
    public Instance Copy() => (Instance)MemberwiseClone();

    public bool IsKeyRefused =>
        State == InstanceState.Refused
        && StateReason?.StartsWith("The gateway", StringComparison.Ordinal) == true;

    public void Become(string state, string? reason, DateTimeOffset now)
    {
        if (state != State)
        {
            // A gateway that tries in vain goes to and fro: it has been away since the first time.
            StateAt = InstanceState.IsAway(state) && InstanceState.IsAway(State) ? StateAt : now;
            State = state;
        }
        StateReason = reason;
        if (state == InstanceState.Open)
        {
            OpenedAt = now;
            Show(null, now);
        }
    }

    /// <summary>A pairing code; null when there is none any more.</summary>
    public void Show(QrCode? qr, DateTimeOffset now)
    {
        Qr = qr is null ? null : JsonSerializer.Serialize(qr);
        QrAt = qr is null ? null : now;
    }

    /// <returns>False = it is known, or nothing was told.</returns>
    public bool Learn(GatewayRelease release)
    {
        if (!release.IsTold || release.Version == GatewayVersion)
        {
            return false;
        }
        (GatewayVersion, HeedsIds) = (release.Version, null);
        return true;
    }

    public IReadOnlySet<string> Abilities => GatewayAbility.Of(Gateway, GatewayVersion);

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
            WebhookSetAt,
            Alarm is { } alarm ? new(alarm, AlarmAt!.Value) : null,
            Version,
            CreatedAt,
            DeletedAt,
            [.. Abilities.Order(StringComparer.Ordinal)]
        )
        {
            StateCode = InstanceAlarm.CauseOf(this),
            PhoneNumberId = PhoneNumberId,
            BusinessAccountId = BusinessAccountId,
            TextLimit = GatewayLimits.Of(Gateway).TextCharacters,
            FileLimits = GatewayLimits.Of(Gateway).Files,
            SendsPerSecond = GatewayLimits.RateOf(this),
        };

    /// <summary>Its own address; null while the gateway hasn't told it.</summary>
    public Identity? Owner =>
        WhatsAppAddress.TryParse(OwnerJid, out var address) ? address.Identity : null;

    private string? Phone => Owner is { } own ? "+" + own.Value : null;
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

    public static bool IsAway(string state) => state is Close or Connecting;

    public static bool CanSend(string state) => state is Open or Unknown;
}
