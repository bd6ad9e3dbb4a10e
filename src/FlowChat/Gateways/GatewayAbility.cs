using FlowChat.Messages;

namespace FlowChat.Gateways;

/// <summary>What a gateway can send, by <see cref="MessageType"/>, and do: agents are told before they try.</summary>
internal static class GatewayAbility
{
    public const string Reply = "reply";
    public const string Mention = "mention";
    public const string React = "react";
    public const string Edit = "edit";
    public const string Delete = "delete";
    public const string Typing = "typing";

    /// <summary>Of the gateway that an instance's row names.</summary>
    public static IReadOnlySet<string> Of(string gateway) => All;

    private static HashSet<string> All { get; } =
        new(StringComparer.Ordinal)
        {
            MessageType.Text,
            MessageType.Image,
            MessageType.Video,
            MessageType.Audio,
            MessageType.Voice,
            MessageType.Document,
            MessageType.Sticker,
            MessageType.Location,
            MessageType.Contacts,
            MessageType.Poll,
            Reply,
            Mention,
            React,
            Edit,
            Delete,
            Typing,
        };
}
