using FlowChat.Messages;

namespace FlowChat.Gateways;

/// <summary>What a failed HTTP call says of the send: only a connection that was never there proves that nothing left.</summary>
internal static class SendFailure
{
    public static SendResult Classify(HttpRequestException error) =>
        error.HttpRequestError
            is HttpRequestError.ConnectionError
                or HttpRequestError.NameResolutionError
                or HttpRequestError.SecureConnectionError
                or HttpRequestError.ProxyTunnelError
            ? new SendResult.NotSent(
                SendError.Unreachable,
                $"The gateway can't be reached: {error.HttpRequestError}."
            )
            : new SendResult.Unknown(
                $"The connection broke during the call: {error.HttpRequestError}."
            );
}
