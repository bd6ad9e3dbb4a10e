using FlowChat.Accounts;
using Microsoft.AspNetCore.SignalR;

namespace FlowChat.Live;

/// <summary>/hubs/live: the log as a server-to-client stream.</summary>
internal sealed class LiveHub(LiveStream stream, LiveFarewell farewell) : Hub
{
    public IAsyncEnumerable<LiveEvent> Events(long afterSeq, CancellationToken cancellationToken) =>
        stream.ReadAsync(
            Caller.Of(Context.User) ?? throw new UnauthenticatedException(),
            afterSeq,
            cancellationToken
        );

    public override Task OnConnectedAsync()
    {
        farewell.Enter();
        return Task.CompletedTask;
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        farewell.Leave();
        return Task.CompletedTask;
    }
}
