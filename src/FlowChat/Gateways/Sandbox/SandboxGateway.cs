using FlowChat.Instances;
using FlowChat.Media;

namespace FlowChat.Gateways.Sandbox;

/// <summary>The phone on the sandbox page: what is sent to it is in its conversation already.</summary>
internal sealed class SandboxGateway : IGateway
{
    public const string GatewayName = "sandbox";

    public string Name => GatewayName;

    public Task<SendResult> SendAsync(
        Instance instance,
        OutboundMessage message,
        CancellationToken cancellationToken
    ) => Task.FromResult<SendResult>(new SendResult.Sent(instance.Id, NewWaId()));

    public Task<ChangeResult> ChangeAsync(
        Instance instance,
        OutboundChange change,
        CancellationToken cancellationToken
    ) => Task.FromResult<ChangeResult>(new ChangeResult.Done());

    public Task ShowTypingAsync(
        Instance instance,
        string jid,
        string? lastWaId,
        CancellationToken cancellationToken
    ) => Task.CompletedTask;

    public Task<MarkResult> MarkAsReadAsync(
        Instance instance,
        string jid,
        IReadOnlyList<string> waIds,
        CancellationToken cancellationToken
    ) => Task.FromResult<MarkResult>(new MarkResult.Marked());

    public Task<MediaResult> OpenMediaAsync(
        Instance instance,
        MediaSource source,
        CancellationToken cancellationToken
    ) =>
        Task.FromResult<MediaResult>(
            new MediaResult.Refused("The sandbox's phone sends no media.")
        );

    public Task<GatewayState> ReadStateAsync(
        Instance instance,
        CancellationToken cancellationToken
    ) => Task.FromResult(new GatewayState(InstanceState.Open));

    public static string NewWaId() =>
        "SANDBOX" + Guid.CreateVersion7().ToString("N").ToUpperInvariant();
}
