using FlowChat.Gateways.Cloud;
using FlowChat.Instances;
using FlowChat.Messages;

namespace FlowChat.Gateways;

/// <summary>How much a gateway takes, and until when: kept here, so that it needn't refuse.</summary>
internal sealed record GatewayLimits
{
    // As many as one worker's handlers: other numbers have theirs besides.
    private const int MostCalls = 16;

    private static readonly GatewayLimits None = new();

    // Meta takes up to 45 messages to one person within six seconds, as a loan on one every six seconds.
    private static readonly GatewayLimits Cloud = new()
    {
        Window = TimeSpan.FromHours(24),
        Conversation = new(TimeSpan.FromSeconds(6), Burst: 45),
        SendsPerSecond = 80,
        TextCharacters = 4_096,
        Files = CloudFiles.Limits,
    };

    /// <summary>How long after the other side wrote it takes any message; null = always.</summary>
    public TimeSpan? Window { get; private init; }

    /// <summary>Of the messages to one person; null = any number.</summary>
    public SendPace? Conversation { get; private init; }

    /// <summary>Of one number, unless its row says otherwise; null = any number.</summary>
    public int? SendsPerSecond { get; private init; }

    /// <summary>The longest text.</summary>
    public int TextCharacters { get; private init; } = MessageType.MostCharacters;

    /// <summary>By kind; what isn't named, or null, is any file.</summary>
    public IReadOnlyDictionary<string, FileLimit>? Files { get; private init; }

    /// <summary>Of the gateway that an instance's row names.</summary>
    public static GatewayLimits Of(string gateway) =>
        gateway == CloudGateway.GatewayName ? Cloud : None;

    /// <summary>Messages a second; null = any number.</summary>
    public static int? RateOf(Instance instance) =>
        instance.SendsPerSecond ?? Of(instance.Gateway).SendsPerSecond;

    /// <summary>
    /// An eighth at once and three quarters in a second: in no second more than nearly all of them, and what the number
    /// receives, which counts too, finds room.
    /// </summary>
    public static SendPace PaceOf(int sendsPerSecond) =>
        new(TimeSpan.FromSeconds(4.0 / 3 / sendsPerSecond), Math.Max(1, sendsPerSecond / 8));

    /// <summary>Calls at once, so that a gateway that takes a quarter of a second for each is not what limits the rate.</summary>
    public static int CallsOf(int sendsPerSecond) => Math.Clamp(sendsPerSecond / 4, 1, MostCalls);
}
