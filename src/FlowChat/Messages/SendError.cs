namespace FlowChat.Messages;

/// <summary>Why a message failed or waits, or what was asked of it was refused: the page has a sentence for each.</summary>
internal static class SendError
{
    public const string NotOnWhatsApp = "not_on_whatsapp";
    public const string Refused = "refused";
    public const string Unauthorized = "unauthorized";
    public const string InstanceMissing = "instance_missing";
    public const string NotConnected = "not_connected";
    public const string GatewayError = "gateway_error";
    public const string Cancelled = "cancelled";
    public const string Dismissed = "dismissed";

    /// <summary>Still queued: WhatsApp takes no more for this person just now.</summary>
    public const string PairPace = "pair_pace";

    /// <summary>Still queued: WhatsApp takes no more of this number just now.</summary>
    public const string NumberPace = "number_pace";

    /// <summary>The other side wrote too long ago: the gateway takes templates only.</summary>
    public const string WindowClosed = "window_closed";

    /// <summary>WhatsApp can't, or won't, bring it to this person.</summary>
    public const string Undeliverable = "undeliverable";

    /// <summary>The template isn't there any more, or its blanks are filled in wrongly.</summary>
    public const string TemplateRefused = "template_refused";

    /// <summary>The file is gone from the media store, or the store was away for as long as the message waits.</summary>
    public const string MediaMissing = "media_missing";

    /// <summary>The conversation's number was removed from FlowChat.</summary>
    public const string NumberRemoved = "number_removed";

    /// <summary>Its gateway has no such ability.</summary>
    public const string Unable = "unable";
    public const string Deleted = "deleted";

    /// <summary>WhatsApp doesn't have the message that is to be changed.</summary>
    public const string NotSentYet = "not_sent_yet";

    /// <summary>Another change of the message is on its way.</summary>
    public const string ChangePending = "change_pending";
    public const string NotOurs = "not_ours";
    public const string NotText = "not_text";
    public const string EditTooLate = "edit_too_late";
}
