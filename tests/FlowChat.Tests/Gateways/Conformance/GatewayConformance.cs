using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Gateways.Conformance;

/// <summary>What holds on every gateway: the seam is where they differ, and nothing on this side of it does.</summary>
public abstract partial class GatewayConformance(GatewayFlowChat flowChat)
{
    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected GatewayFlowChat FlowChat => flowChat;

    private static Person Ana { get; } = Person.Number(1);

    private static Person Bruno { get; } = Person.Number(2);

    private HttpClient Http => flowChat.Server.Client.Http;

    protected abstract Task<GatewayLine> ConnectAsync();

    /// <summary>Whoever wrote may be answered with anything.</summary>
    private async Task<Conversation> OpenAsync(GatewayLine line, Person? person = null)
    {
        var heard = await line.HearAsync(person ?? Ana, "Oi", Ct);
        return await ConversationAsync(heard.ConversationId);
    }

    private Task<Conversation> ConversationAsync(Guid id) =>
        flowChat.Server.Client.GetAsync<Conversation>($"/api/conversations/{id}", Ct);

    private async Task<Message> SendAsync(
        Conversation conversation,
        object body,
        HttpStatusCode status = HttpStatusCode.Created
    )
    {
        using var response = await TrySendAsync(conversation, body);
        Assert.True(response.StatusCode == status, await response.Content.ReadAsStringAsync(Ct));
        return (await response.Content.ReadFromJsonAsync<Message>(FlowChatClient.Json, Ct))!;
    }

    private Task<HttpResponseMessage> TrySendAsync(Conversation conversation, object body)
    {
        var json = JsonSerializer.SerializeToNode(body, FlowChatClient.Json)!;
        json["client_message_id"] ??= Guid.CreateVersion7().ToString();
        return Http.PostAsJsonAsync($"/api/conversations/{conversation.Id}/messages", json, Ct);
    }

    private async Task<Message> SentAsync(
        GatewayLine line,
        Conversation conversation,
        string text
    ) =>
        await line.Number.WaitAsync(await SendAsync(conversation, new { Text = text }), "sent", Ct);

    private static async Task<Message> WaitAsync(
        GatewayLine line,
        Message message,
        Func<Message, bool> matches
    ) =>
        (
            await line.Number.WaitAsync(
                live => live.Message is { } now && now.Id == message.Id && matches(now),
                Ct
            )
        ).Message!;
}
