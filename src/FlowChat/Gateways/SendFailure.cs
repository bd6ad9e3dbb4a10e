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
            ? new SendResult.NotConnected(
                $"The gateway can't be reached: {error.HttpRequestError}.",
                Pause
            )
            : new SendResult.Unknown(
                $"The connection broke during the call: {error.HttpRequestError}."
            );
}
