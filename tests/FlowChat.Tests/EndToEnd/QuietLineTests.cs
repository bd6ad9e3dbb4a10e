using FlowChat.Testing.Evolution.Payloads;
using Microsoft.Playwright;
using static FlowChat.Tests.EndToEnd.OpenThread;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>What people do in a chat without a word, in the open thread.</summary>
public sealed class QuietLineTests(OpenThread thread) : IClassFixture<OpenThread>
{
    [Fact(Timeout = 90_000)]
    public async Task A_pin_is_a_line_of_the_thread()
    {
        var agent = await thread.ShowAsync(Lia);
        var message = thread.MessageOf(Lia, "Endereço: Rua das Flores, 10");
        await thread.ReceiveAsync(message);

        await thread.PostAsync(thread.MessageOf(Lia, QuietKinds.Pin(message.Key, message.SentAt)));

        await Expect(agent.Bubble("Lia Fontes fixou uma mensagem")).ToBeInViewportAsync();
        await Expect(agent.Row(Lia.Name)).ToContainTextAsync("fixou uma mensagem");
        await agent.Window.ScreenshotAsync("pinned-line");
        agent.AssertQuiet();
    }

    [Fact(Timeout = 90_000)]
    public async Task A_hidden_reaction_gives_way_to_the_reaction()
    {
        var agent = await thread.ShowAsync(Rui);
        var message = thread.MessageOf(Rui, "Chegou tudo certo");
        var bubble = await thread.ReceiveAsync(message);
        var hidden = thread.MessageOf(Rui, MessageKinds.HiddenReaction(message.Key));
        var placeholder = await thread.ReceiveAsync(hidden);
        await Expect(placeholder).ToHaveAttributeAsync("data-type", "unsupported");

        await thread.PostAsync(
            hidden with
            {
                Message = MessageKinds.Reaction(message.Key, "🎉", hidden.SentAt),
            }
        );

        await Expect(bubble.GetByRole(AriaRole.Button, new() { Name = "reagiu" }))
            .ToHaveAccessibleNameAsync("🎉 1 pessoa reagiu");
        await Expect(placeholder).ToHaveCountAsync(0);
        await Expect(agent.Row(Rui.Name)).ToContainTextAsync("Rui Prado reagiu com 🎉");
        agent.AssertQuiet();
    }
}
