namespace FlowChat.Tests.Media;

/// <summary>FlowChat with small limits, so that tests reach them soon.</summary>
public sealed class MediaFlowChat(SharedPostgres postgres)
    : SendingFlowChat(
        postgres,
        new Dictionary<string, string?>
        {
            ["FLOWCHAT_MEDIA_MAX_MB"] = "2",
            ["FLOWCHAT_GATEWAY_SECONDS"] = "2",
            ["CHAT_STREAM_MAX_RETRIES"] = "2",
        }
    );
