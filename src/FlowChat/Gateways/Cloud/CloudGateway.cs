using FlowChat.Inbound;
using FlowChat.Instances;
using FlowChat.Media;
using FlowChat.Settings;

namespace FlowChat.Gateways.Cloud;

/// <summary>Meta's own WhatsApp Business Platform: no session, nothing to pair.</summary>
internal sealed partial class CloudGateway(
    GraphCalls graph,
    CloudMedia media,
    FlowChatSettings settings,
    ILogger<CloudGateway> logger
) : IGateway
{
    public const string GatewayName = "cloud";

    /// <summary>Meta's, with the version whose words these are.</summary>
    public const string DefaultUrl = "https://graph.facebook.com/v24.0";

    private const string StateFields = "display_phone_number,status,health_status";

    private static readonly TimeSpan StateTime = TimeSpan.FromSeconds(5);

    public string Name => GatewayName;

    public async Task<SendResult> SendAsync(
        Instance instance,
        OutboundMessage message,
        CancellationToken cancellationToken
    )
    {
        string? mediaId = null;
        if (message.Media is { } medium)
        {
            var uploaded = await media.UploadAsync(
                instance,
                message.TenantId,
                medium,
                cancellationToken
            );
            mediaId = uploaded is GraphReply.Answered { IsDone: true } done
                ? done.Json?.Text("id")
                : null;
            if (mediaId is null)
            {
                return CloudAnswer.ReadUpload(uploaded);
            }
        }
        var reply = await graph.PostAsync(
            instance,
            MessagesOf(instance),
            CloudSend.Of(message, mediaId),
            settings.GatewayTimeout,
            cancellationToken
        );
        return CloudAnswer.ReadSend(instance.Id, reply);
    }

    public async Task<ChangeResult> ChangeAsync(
        Instance instance,
        OutboundChange change,
        CancellationToken cancellationToken
    ) =>
        CloudAnswer.ReadChange(
            await graph.PostAsync(
                instance,
                MessagesOf(instance),
                CloudSend.Reaction(change),
                settings.GatewayTimeout,
                cancellationToken
            )
        );

    /// <summary>Meta shows it with what was written last, which it takes for read: an agent is answering it.</summary>
    public async Task ShowTypingAsync(
        Instance instance,
        string jid,
        string? lastWaId,
        CancellationToken cancellationToken
    )
    {
        if (lastWaId is null)
        {
            return;
        }
        var reply = await graph.PostAsync(
            instance,
            MessagesOf(instance),
            new
            {
                MessagingProduct = "whatsapp",
                Status = "read",
                MessageId = lastWaId,
                TypingIndicator = new { Type = "text" },
            },
            settings.GatewayTimeout,
            cancellationToken
        );
        if (reply is not GraphReply.Answered { IsDone: true })
        {
            Log.NotShown(logger, instance.Id, reply.Reason);
        }
    }

    /// <summary>The newest alone: what stands above it is read with it.</summary>
    public async Task<MarkResult> MarkAsReadAsync(
        Instance instance,
        string jid,
        IReadOnlyList<string> waIds,
        CancellationToken cancellationToken
    ) =>
        CloudAnswer.ReadMark(
            await graph.PostAsync(
                instance,
                MessagesOf(instance),
                new
                {
                    MessagingProduct = "whatsapp",
                    Status = "read",
                    MessageId = waIds[0],
                },
                settings.GatewayTimeout,
                cancellationToken
            )
        );

    public Task<MediaResult> OpenMediaAsync(
        Instance instance,
        MediaSource source,
        CancellationToken cancellationToken
    ) => media.OpenAsync(instance, source, cancellationToken);

    public async Task<GatewayState> ReadStateAsync(
        Instance instance,
        CancellationToken cancellationToken
    ) =>
        CloudAnswer.ReadState(
            await graph.GetAsync(
                instance,
                $"{instance.PhoneNumberId}?fields={StateFields}",
                StateTime,
                cancellationToken
            )
        );

    private static string MessagesOf(Instance instance) => $"{instance.PhoneNumberId}/messages";

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Debug,
            "The other side of {InstanceId} doesn't see that somebody types: {Reason}"
        )]
        public static partial void NotShown(ILogger logger, Guid instanceId, string reason);
    }
}
