using System.Net;
using FlowChat.Testing.Servers;

namespace FlowChat.Testing.Stack;

/// <summary>A way from one part of the system to another, which can be made bad: <c>worker-1→redis</c>.</summary>
public sealed class StackEdge(string from, string to, EndPoint target) : IAsyncDisposable
{
    public string From { get; } = from;

    public string To { get; } = to;

    public string Name => $"{From}→{To}";

    public FaultProxy Proxy { get; } = FaultProxy.Start(target);

    public int Port => Proxy.Port;

    public void Heal()
    {
        Proxy.Delay = TimeSpan.Zero;
        if (Proxy.Fault == NetworkFault.None)
            return;
        var lost = Proxy.Fault == NetworkFault.RepliesLost;
        Proxy.Fault = NetworkFault.None;
        // Who waits for a reply that was lost would wait for ever: a network that comes back tells both sides.
        if (lost)
            Proxy.Cut();
    }

    public ValueTask DisposeAsync() => Proxy.DisposeAsync();
}
