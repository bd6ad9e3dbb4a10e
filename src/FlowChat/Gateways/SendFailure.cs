using FlowChat.Gateways.OutboundHttp;

namespace FlowChat.Gateways;

/// <summary>What a failed HTTP call says of the send: only a connection that was never there proves that nothing left.</summary>
internal static class SendFailure
{
    // Until the monitor has parked the number for as long as its gateway is away.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);

    public static SendResult Classify(HttpRequestException error) =>
        error.HttpRequestError
            is HttpRequestError.ConnectionError
                or HttpRequestError.NameResolutionError
                or HttpRequestError.SecureConnectionError
                or HttpRequestError.ProxyTunnelError
            ? new SendResult.NotConnected(Describe(error), Pause)
            : new SendResult.Unknown(
                $"The connection broke during the call: {error.HttpRequestError}."
            );

    /// <summary>An address that may not be called is no network's fault: that an admin can mend.</summary>
    public static string Describe(HttpRequestException error) =>
        error is AddressRefusedException
            ? error.Message
            : $"The gateway can't be reached: {error.HttpRequestError}.";
}
