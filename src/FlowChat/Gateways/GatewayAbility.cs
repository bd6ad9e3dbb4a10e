using System.Collections.Frozen;
using FlowChat.Gateways.Cloud;
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

    private static readonly FrozenSet<string> Everywhere = FrozenSet.ToFrozenSet([
        MessageType.Text,
        MessageType.Image,
        MessageType.Video,
        MessageType.Audio,
        MessageType.Voice,
        MessageType.Document,
        MessageType.Sticker,
        MessageType.Location,
        MessageType.Contacts,
        Reply,
        React,
        Typing,
    ]);

    private static readonly FrozenSet<string> Usual = FrozenSet.ToFrozenSet([
        .. Everywhere,
        MessageType.Poll,
        Mention,
        Edit,
        Delete,
    ]);

    private static readonly FrozenSet<string> Cloud = FrozenSet.ToFrozenSet([
        .. Everywhere,
        MessageType.Template,
    ]);

    /// <summary>Of the gateway that an instance's row names.</summary>
    public static IReadOnlySet<string> Of(string gateway) =>
        gateway == CloudGateway.GatewayName ? Cloud : Usual;
}
