using FlowChat.Gateways.Cloud;

namespace FlowChat.Gateways;

/// <summary>How much a gateway takes, and until when: kept here, so that it needn't refuse.</summary>
internal sealed record GatewayLimits
{
    private static readonly GatewayLimits None = new();

    // Meta takes up to 45 messages to one person within six seconds, as a loan on one every six seconds.
    private static readonly GatewayLimits Cloud = new()
    {
        Window = TimeSpan.FromHours(24),
        Conversation = new(TimeSpan.FromSeconds(6), Burst: 45),
        SendsPerSecond = 80,
    };

    /// <summary>How long after the other side wrote it takes any message; null = always.</summary>
    public TimeSpan? Window { get; private init; }

    /// <summary>Of the messages to one person; null = any number.</summary>
    public SendPace? Conversation { get; private init; }

    /// <summary>Of one number, unless its row says otherwise; null = any number.</summary>
    public int? SendsPerSecond { get; private init; }

    /// <summary>Of the gateway that an instance's row names.</summary>
    public static GatewayLimits Of(string gateway) =>
        gateway == CloudGateway.GatewayName ? Cloud : None;

    /// <summary>
    /// A quarter at once and three quarters in a second: in no second more than all of them, and what the number receives,
    /// which counts too, finds room.
    /// </summary>
    public static SendPace PaceOf(int sendsPerSecond) =>
        new(TimeSpan.FromSeconds(4.0 / 3 / sendsPerSecond), Math.Max(1, sendsPerSecond / 4));
}
