using System.Net;
using System.Net.Sockets;
using FlowChat.Settings;

namespace FlowChat.Operations;

/// <summary>Tries the address before the database starts, so that a taken port costs no more than a sentence.</summary>
internal static class ListenAddress
{
    /// <exception cref="InvalidSettingsException">Nobody can listen there; the message names the setting.</exception>
    public static void Try(FlowChatSettings settings)
    {
        using var own = Open(new(settings.Bind, settings.Port), error => Remedy(settings, error));
        TryMetrics(settings);
    }

    /// <exception cref="InvalidSettingsException">Nobody can listen there.</exception>
    public static void TryMetrics(FlowChatSettings settings)
    {
        if (settings.MetricsBind is { } address)
        {
            using var metrics = Open(
                address,
                error =>
                    $"FLOWCHAT_METRICS_BIND is {address}, where FlowChat can't listen: {error.Message}."
            );
        }
    }

    private static TcpListener Open(IPEndPoint address, Func<SocketException, string> remedy)
    {
        var listener = new TcpListener(address);
        try
        {
            listener.Start();
            return listener;
        }
        catch (SocketException error)
        {
            listener.Dispose();
            throw new InvalidSettingsException([remedy(error)]);
        }
    }

    private static string Remedy(FlowChatSettings settings, SocketException error) =>
        error.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse =>
                $"FLOWCHAT_PORT is {settings.Port}, where another program listens: end it, or give another port.",
            SocketError.AddressNotAvailable =>
                $"FLOWCHAT_BIND is {settings.Bind}, which is no address of this machine.",
            _ => $"FLOWCHAT_PORT is {settings.Port}, where FlowChat can't listen: {error.Message}.",
        };
}
