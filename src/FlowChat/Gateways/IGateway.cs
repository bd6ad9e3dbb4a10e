using FlowChat.Instances;
using FlowChat.Media;

namespace FlowChat.Gateways;

/// <summary>A WhatsApp provider.</summary>
internal interface IGateway
{
    /// <summary>The name in an instance's row: evolution, cloud, sandbox.</summary>
    string Name { get; }

    /// <summary>Never throws for what a gateway or a network does: that is a result.</summary>
    Task<SendResult> SendAsync(
        Instance instance,
        OutboundMessage message,
        CancellationToken cancellationToken
    );

    /// <summary>Reacts to a message, edits or deletes it; doing it twice does no harm.</summary>
    Task<ChangeResult> ChangeAsync(
        Instance instance,
        OutboundChange change,
        CancellationToken cancellationToken
    );

    /// <summary>Shows the other side for some seconds that somebody types. Nobody waits for it, and it may fail.</summary>
    /// <param name="instance">Whose.</param>
    /// <param name="jid">The chat.</param>
    /// <param name="lastWaId">What the other side wrote last, where it did.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    Task ShowTypingAsync(
        Instance instance,
        string jid,
        string? lastWaId,
        CancellationToken cancellationToken
    );

    /// <summary>Tells the other side that its messages, the newest first, were read; doing it twice does no harm.</summary>
    Task<MarkResult> MarkAsReadAsync(
        Instance instance,
        string jid,
        IReadOnlyList<string> waIds,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Asks for the medium of a message that arrived. The caller gives up by the token, and disposes what is opened.
    /// </summary>
    Task<MediaResult> OpenMediaAsync(
        Instance instance,
        MediaSource source,
        CancellationToken cancellationToken
    );

    /// <summary>Asks the gateway which release it is. Nothing is told where that makes no difference.</summary>
    Task<GatewayRelease> ReadReleaseAsync(Instance instance, CancellationToken cancellationToken) =>
        Task.FromResult(default(GatewayRelease));

    /// <summary>Asks the gateway for the number's state.</summary>
    Task<GatewayState> ReadStateAsync(Instance instance, CancellationToken cancellationToken);
}

/// <summary>One of <see cref="InstanceState"/>, with the gateway's reason.</summary>
internal readonly record struct GatewayState(
    string State,
    string? Reason = null,
    bool KeyRefused = false
)
{
    /// <summary>The number's own address, where it is told.</summary>
    public string? OwnerJid { get; init; }
}

/// <summary>What became of a read receipt.</summary>
internal abstract record MarkResult
{
    private MarkResult() { }

    /// <summary>Told, or the gateway has nobody to tell.</summary>
    public sealed record Marked : MarkResult;

    /// <summary>Another attempt may succeed.</summary>
    public sealed record Failed(string Reason) : MarkResult;

    /// <summary>The number isn't connected, or its key is refused: no attempt.</summary>
    public sealed record NotConnected(string Reason) : MarkResult;
}

/// <summary>What is known of a send. The difference that counts: certainly not sent, or perhaps.</summary>
internal abstract record SendResult
{
    private SendResult() { }

    public sealed record Sent(Guid InstanceId, string WaId) : SendResult;

    /// <summary>Certainly not sent, and another attempt would end the same way.</summary>
    public sealed record Refused(string Code, string? Reason) : SendResult;

    /// <summary>Certainly not sent; another attempt may succeed.</summary>
    public sealed record NotSent(string Code, string? Reason, TimeSpan? After = null) : SendResult;

    /// <summary>Certainly not sent, because the number isn't connected: no attempt.</summary>
    public sealed record NotConnected(string Reason, TimeSpan For) : SendResult
    {
        /// <summary>It is connected, and has sent as much as it may.</summary>
        public bool IsPace { get; init; }
    }

    /// <summary>Certainly not sent: too much went to this person, who has to wait. No attempt.</summary>
    public sealed record Delayed(string Reason, TimeSpan For) : SendResult;

    /// <summary>Certainly not sent: FlowChat's own database or media store is away, and the message waits; no attempt.</summary>
    public sealed record Held(string Reason) : SendResult;

    /// <summary>Certainly not sent: the gateway refuses its key. All sends of the number wait for a better one.</summary>
    public sealed record KeyRefused(string Reason) : SendResult;

    /// <summary>The request left and no answer tells what became of it.</summary>
    public sealed record Unknown(string Reason) : SendResult
    {
        /// <summary>Another call could bring a second message.</summary>
        public bool IsLast { get; init; }
    }
}
