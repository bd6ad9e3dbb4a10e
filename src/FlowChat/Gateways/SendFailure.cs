using FlowChat.Gateways.OutboundHttp;

namespace FlowChat.Gateways;

/// <summary>What a failed HTTP call says of the send.</summary>
internal static class SendFailure
{
    /// <summary>How long a send waits, until the monitor has parked the number for as long as its gateway is away.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);

    /// <summary>Only a connection that was never there proves that nothing left.</summary>
    public static bool NeverLeft(HttpRequestException error) =>
        error.HttpRequestError
            is HttpRequestError.ConnectionError
                or HttpRequestError.NameResolutionError
                or HttpRequestError.SecureConnectionError
                or HttpRequestError.ProxyTunnelError;

    /// <summary>An address that may not be called is no network's fault: that an admin can mend.</summary>
    public static string Describe(HttpRequestException error) =>
        error is AddressRefusedException ? error.Message
        : NeverLeft(error) ? $"The gateway can't be reached: {error.HttpRequestError}."
        : $"The connection broke during the call: {error.HttpRequestError}.";
}
