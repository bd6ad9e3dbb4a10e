namespace FlowChat.Media;

/// <summary>Why a medium's bytes aren't here: the page has a sentence for each.</summary>
internal static class MediaLoss
{
    public const string TooLarge = "too_large";

    /// <summary>WhatsApp, or the gateway, has it no more.</summary>
    public const string Gone = "gone";
    public const string NumberRemoved = "number_removed";

    /// <summary>The number wasn't connected for as long as the fetch waits.</summary>
    public const string NotConnected = "not_connected";

    /// <summary>The gateway couldn't, on all attempts.</summary>
    public const string GatewayError = "gateway_error";
}
