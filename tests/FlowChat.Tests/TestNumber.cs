using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution;

namespace FlowChat.Tests;

/// <summary>A connected number with a gateway of its own, and what went through them.</summary>
public sealed class TestNumber : ConnectedNumber, IAsyncDisposable
{
    private const string Name = "loja";

    private TestNumber(FlowChatServer server, FakeEvolution gateway, Instance instance)
        : base(server, instance)
    {
        Gateway = gateway;
        Fake = gateway.FindInstance(Name)!;
        Fake.Webhook = WebhookTarget.WithSecret(instance.WebhookUrl!, instance.WebhookSecret!);
    }

    public FakeEvolution Gateway { get; }
    public FakeInstance Fake { get; }

    /// <summary>What the gateway was asked to send, whatever became of it.</summary>
    public IReadOnlyList<RecordedRequest> Sends =>
        [.. Gateway.Requests.All.Where(request => request.IsSend)];

    public static async Task<TestNumber> ConnectAsync(
        FlowChatServer server,
        CancellationToken cancellationToken
    )
    {
        var gateway = await FakeEvolution.StartAsync();
        return new(server, gateway, await server.ConnectAsync(gateway, cancellationToken, Name));
    }

    public Task WaitForSendsAsync(int count, CancellationToken cancellationToken) =>
        Gateway.Requests.WaitAsync(count, request => request.IsSend, cancellationToken);

    /// <summary>Sends it, and nobody hears what became of it: the message is unknown.</summary>
    public async Task<Message> LoseReplyAsync(
        Conversation conversation,
        string text,
        CancellationToken cancellationToken
    )
    {
        Gateway.Script.Next(Reply.Lost);
        var message = await SendAsync(conversation, text, cancellationToken);
        return await WaitAsync(message, "unknown", cancellationToken);
    }

    public ValueTask DisposeAsync() => Gateway.DisposeAsync();
}
