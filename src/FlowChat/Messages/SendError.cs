namespace FlowChat.Messages;

/// <summary>Why a message failed, in words that the page translates.</summary>
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
}
