using FlowChat.Instances;
using FlowChat.Media;
using FlowChat.Media.Store;
using FlowChat.Messages;
using FlowChat.Settings;

namespace FlowChat.Gateways.Evolution;

/// <summary>Evolution API 2.3 and 2.4: an HTTP server that holds the WhatsApp session.</summary>
internal sealed partial class EvolutionGateway(
    EvolutionCalls calls,
    IMediaStore store,
    FlowChatSettings settings,
    MediaStoreAlarm alarm,
    ILogger<EvolutionGateway> logger
) : IGateway
{
    // What a slow line between us and the gateway carries.
    private const double SlowestBytesPerSecond = 250_000;

    private static readonly TimeSpan StateTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TypingTime = TimeSpan.FromSeconds(5);

    public string Name => "evolution";

    public async Task<SendResult> SendAsync(
        Instance instance,
        OutboundMessage message,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var (operation, content) = EvolutionSend.Of(message, store);
            var reply = await calls.CallAsync(
                EvolutionRequest.Post(instance, $"message/{operation}", content),
                TimeFor(message.Media),
                cancellationToken
            );
            return await ClassifyAsync(instance, reply, cancellationToken);
        }
        // A body whose file can't be read to its end isn't whole: no gateway takes it for a message.
        catch (Exception error) when (EvolutionCalls.FileFailure(error) is { } failure)
        {
            return WithoutFile(failure);
        }
        catch (OperationCanceledException)
        {
            return new SendResult.Unknown("FlowChat stopped during the call.");
        }
    }

    public async Task<ChangeResult> ChangeAsync(
        Instance instance,
        OutboundChange change,
        CancellationToken cancellationToken
    )
    {
        var (method, operation, body) = EvolutionChange.Of(change);
        var call = EvolutionRequest.Of(instance, method, operation, body);
        return EvolutionAnswer.ReadChange(
            await calls.CallAsync(call, settings.GatewayTimeout, cancellationToken)
        );
    }

    public async Task ShowTypingAsync(
        Instance instance,
        string jid,
        string? lastWaId,
        CancellationToken cancellationToken
    )
    {
        // The gateway holds the request for as long as it shows.
        var body = new
        {
            Number = jid,
            Presence = "composing",
            Delay = (int)TypingTime.TotalMilliseconds,
        };
        var reply = await calls.CallAsync(
            EvolutionRequest.Post(instance, "chat/sendPresence", body),
            settings.GatewayTimeout,
            cancellationToken
        );
        if (!reply.IsAccepted)
        {
            Log.NotShown(logger, instance.Id, reply.Reason);
        }
    }

    public async Task<MarkResult> MarkAsReadAsync(
        Instance instance,
        string jid,
        IReadOnlyList<string> waIds,
        CancellationToken cancellationToken
    )
    {
        MarkResult result = new MarkResult.Marked();
        foreach (var some in waIds.Chunk(EvolutionMarkRead.Most))
        {
            var body = EvolutionMarkRead.Of(jid, some);
            result = EvolutionAnswer.ReadMark(
                await calls.CallAsync(
                    EvolutionRequest.Post(instance, "chat/markMessageAsRead", body),
                    settings.GatewayTimeout,
                    cancellationToken
                )
            );
            if (result is not MarkResult.Marked)
            {
                break;
            }
        }
        return result;
    }

    public async Task<MediaResult> OpenMediaAsync(
        Instance instance,
        MediaSource source,
        CancellationToken cancellationToken
    )
    {
        var body = new { Message = new { Key = new { Id = source.WaId } } };
        var (json, refusal) = await calls.OpenAsync(
            EvolutionRequest.Post(instance, "chat/getBase64FromMediaMessage", body),
            cancellationToken
        );
        return json is null
            ? EvolutionAnswer.ReadMediaRefusal(refusal)
            : new MediaResult.Opened(new Base64FieldStream(json));
    }

    public async Task<GatewayRelease> ReadReleaseAsync(
        Instance instance,
        CancellationToken cancellationToken
    ) =>
        EvolutionAnswer.ReadRelease(
            await calls.CallAsync(
                new EvolutionRequest(instance, HttpMethod.Get, ""),
                StateTime,
                cancellationToken
            )
        );

    public async Task<GatewayState> ReadStateAsync(
        Instance instance,
        CancellationToken cancellationToken
    ) =>
        EvolutionAnswer.ReadState(
            await calls.CallAsync(
                EvolutionRequest.Get(instance, "instance/connectionState"),
                StateTime,
                cancellationToken
            )
        );

    private async Task<SendResult> ClassifyAsync(
        Instance instance,
        EvolutionReply reply,
        CancellationToken cancellationToken
    )
    {
        var result = EvolutionAnswer.ReadSend(instance.Id, reply);
        // "Connection Closed" is said before the send and, rarely, during it: the number's state tells which.
        if (result is SendResult.Unknown && reply.SaysClosed)
        {
            var state = await ReadStateAsync(instance, cancellationToken);
            return
                state.State
                    is InstanceState.Close
                        or InstanceState.Connecting
                        or InstanceState.Refused
                ? new SendResult.NotConnected(reply.Reason, SendFailure.Pause)
                : result;
        }
        return result;
    }

    private SendResult WithoutFile(Exception failure)
    {
        if (failure is MediaMissingException)
        {
            return new SendResult.Refused(SendError.MediaMissing, failure.Message);
        }
        alarm.Raise((MediaStoreException)failure);
        return new SendResult.Held(failure.Message);
    }

    private TimeSpan TimeFor(StoredMedium? media) =>
        settings.GatewayTimeout
        + TimeSpan.FromSeconds((media?.SizeBytes ?? 0) / SlowestBytesPerSecond);

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Debug,
            "The other side of {InstanceId} doesn't see that somebody types: {Reason}"
        )]
        public static partial void NotShown(ILogger logger, Guid instanceId, string reason);
    }
}
