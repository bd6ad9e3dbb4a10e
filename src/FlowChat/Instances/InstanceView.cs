using FlowChat.Gateways;

namespace FlowChat.Instances;

/// <summary>An instance's JSON. Its abilities are what its gateway, in the release that it is, can send and do: see <see cref="GatewayAbility"/>.</summary>
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
    DateTimeOffset? WebhookSetAt,
    InstanceAlarmView? Alarm,
    long Version,
    DateTimeOffset CreatedAt,
    DateTimeOffset? DeletedAt,
    IReadOnlyList<string> Abilities
)
{
    /// <summary>The state's reason as a stable word, one of those that alarms have; null = it is connected, or about to be.</summary>
    public string? StateCode { get; init; }

    /// <summary>The most characters of a text.</summary>
    public int TextLimit { get; init; }

    /// <summary>The files that its gateway takes, by kind of message; null = whatever FlowChat takes.</summary>
    public IReadOnlyDictionary<string, FileLimit>? FileLimits { get; init; }

    /// <summary>Of Meta's Cloud API: the number there.</summary>
    public string? PhoneNumberId { get; init; }

    /// <summary>Of Meta's Cloud API: the account that it is in.</summary>
    public string? BusinessAccountId { get; init; }

    /// <summary>The most messages that go out in a second; null = no such limit.</summary>
    public int? SendsPerSecond { get; init; }
}

/// <summary>What needs a person, and since when.</summary>
public sealed record InstanceAlarmView(string Code, DateTimeOffset Since);
