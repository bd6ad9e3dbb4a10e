using System.Collections.Frozen;
using FlowChat.Gateways.Cloud;
using FlowChat.Gateways.Sandbox;
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

    /// <summary>Answering with a voice note: Evolution 2.3 sends it without the quote.</summary>
    public const string VoiceReply = "voice_reply";

    /// <summary>Showing the page of a text's link with it.</summary>
    public const string LinkPreview = "link_preview";

    /// <summary>Letting a person whose number is known see that their messages were read.</summary>
    public const string Read = "read";

    /// <summary>The same in groups: Evolution 2.3 doesn't say whose message it was, and nobody's phone takes it.</summary>
    public const string ReadGroup = "read_group";

    /// <summary>The same for a person whose number WhatsApp hides: Evolution 2.3 leaves them out, and says that it is done.</summary>
    public const string ReadHidden = "read_hidden";

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
        Read,
    ]);

    private static readonly FrozenSet<string> Sandbox = FrozenSet.ToFrozenSet([
        .. Everywhere,
        MessageType.Poll,
        Mention,
        Edit,
        Delete,
        VoiceReply,
    ]);

    private static readonly FrozenSet<string> Evolution = FrozenSet.ToFrozenSet([
        .. Everywhere,
        MessageType.Poll,
        Mention,
        Edit,
        Delete,
        LinkPreview,
    ]);

    /// <summary>From 2.4 on.</summary>
    private static readonly FrozenSet<string> NewEvolution = FrozenSet.ToFrozenSet([
        .. Evolution,
        VoiceReply,
        ReadHidden,
    ]);

    private static readonly FrozenSet<string> Cloud = FrozenSet.ToFrozenSet([
        .. Everywhere,
        MessageType.Template,
        VoiceReply,
        LinkPreview,
        ReadHidden,
    ]);

    /// <summary>Of the gateway that an instance's row names, and of what that says of its release.</summary>
    public static IReadOnlySet<string> Of(string gateway, string? release) =>
        gateway switch
        {
            CloudGateway.GatewayName => Cloud,
            SandboxGateway.GatewayName => Sandbox,
            _ when OwnMessageId.IsTakenBy(release) => NewEvolution,
            _ => Evolution,
        };
}
