namespace FlowChat.Messages;

/// <summary>Why a message failed, or what was asked of it was refused: the page has a sentence for each.</summary>
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

    /// <summary>The file is gone from the media store.</summary>
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
