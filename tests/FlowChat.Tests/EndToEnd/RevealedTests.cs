using System.Text.Json.Nodes;
using FlowChat.Testing.Evolution.Payloads;
using static FlowChat.Tests.EndToEnd.OpenThread;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>A message that couldn't be read at first becomes what it is, in its place.</summary>
public sealed class RevealedTests(OpenThread thread) : IClassFixture<OpenThread>
{
    private const char EndOfFrame = '\x1e';

    [Fact(Timeout = 90_000)]
    public async Task It_changes_live_in_its_bubble_and_in_the_list()
    {
        var agent = await thread.ShowAsync(Ana);
        await agent.Page.RouteWebSocketAsync(
            "**/hubs/live**",
            page =>
            {
                var server = page.ConnectToServer();
                page.OnMessage(frame => server.Send(frame.Text!));
                server.OnMessage(frame => page.Send(Reveal(frame.Text!)));
            }
        );
        await agent.Page.ReloadAsync();
        var hidden = thread.MessageOf(Ana, MessageKinds.Unknown());
        var bubble = await thread.ReceiveAsync(hidden);
        await Expect(bubble).ToHaveAttributeAsync("data-type", "unsupported");
        await Expect(agent.Row(Ana.Name)).ToContainTextAsync("Mensagem não suportada");
        await thread.ReceiveAsync(thread.MessageOf(Ana, "Conseguiu abrir?"));
        await Expect(agent.Bubble("Conseguiu abrir?")).ToBeInViewportAsync();
        await bubble.EvaluateAsync("(bubble) => bubble.stayed = true");
        var shown = await agent.Page.Locator("[data-message-id]").CountAsync();

        // The server tells anew of what somebody reacts to: here as what it really was.
        await thread.PostAsync(
            thread.MessageOf(
                Ana,
                MessageKinds.Reaction(hidden.Key, "👍", TimeProvider.System.GetUtcNow())
            )
        );

        await Expect(bubble).ToHaveAttributeAsync("data-type", "text");
        await Expect(bubble).ToContainTextAsync("Agora dá para ler");
        await Expect(bubble).Not.ToContainTextAsync("não suportada");
        Assert.True(await bubble.EvaluateAsync<bool>("(bubble) => bubble.stayed"));
        await Expect(agent.Page.Locator("[data-message-id]")).ToHaveCountAsync(shown);
        await Expect(agent.Bubble("Conseguiu abrir?")).ToBeInViewportAsync();
        await agent.ShowAsync("revealed");
        agent.AssertQuiet();
    }

    private static string Reveal(string frames) =>
        string.Join(EndOfFrame, frames.Split(EndOfFrame).Select(RevealOne));

    private static string RevealOne(string frame)
    {
        if (!frame.Contains("\"message.updated\"", StringComparison.Ordinal))
            return frame;
        var told = JsonNode.Parse(frame)!;
        var data = told["item"]!["data"]!;
        if (data["message"] is JsonObject message && IsHidden(message))
            Read(message);
        if (data["conversation"]?["last_message"] is JsonObject last && IsHidden(last))
            Read(last);
        return told.ToJsonString();
    }

    private static bool IsHidden(JsonObject message) =>
        message["type"]!.GetValue<string>() == "unsupported";

    private static void Read(JsonObject message)
    {
        message["type"] = "text";
        message["text"] = "Agora dá para ler";
        message["content"] = null;
    }
}
