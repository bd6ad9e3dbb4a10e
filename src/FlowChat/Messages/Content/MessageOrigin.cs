using System.Text.Json;
using System.Text.Json.Nodes;
using FlowChat.Json;

namespace FlowChat.Messages.Content;

/// <summary>Where a message comes from: in the content of any type, beside what the type itself says.</summary>
/// <param name="Ad">The advertisement that it answers.</param>
/// <param name="Forwarded">See <see cref="Once"/> and <see cref="Often"/>; null = written for this chat.</param>
internal readonly record struct MessageOrigin(AdSource? Ad, string? Forwarded)
{
    public const string Once = "once";

    /// <summary>Through many chats.</summary>
    public const string Often = "often";

    /// <param name="content">The type's own.</param>
    public string? AddTo(string? content)
    {
        if (Ad is null && Forwarded is null)
        {
            return content;
        }
        var fields = content is null ? [] : JsonNode.Parse(content)!.AsObject();
        if (Ad is not null)
        {
            fields["ad"] = JsonSerializer.SerializeToNode(Ad, FlowChatJson.Options);
        }
        if (Forwarded is not null)
        {
            fields["forwarded"] = Forwarded;
        }
        return fields.ToJsonString(FlowChatJson.Options);
    }
}
