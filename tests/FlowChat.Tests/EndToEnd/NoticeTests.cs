using FlowChat.Testing.Evolution.Payloads;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>The soft sound and the browser's notification for what comes while another conversation is open.</summary>
public sealed class NoticeTests(Inbox inbox) : IClassFixture<Inbox>
{
    private const string Recorder = """
        window.tones = 0;
        window.shown = [];
        const start = OscillatorNode.prototype.start;
        OscillatorNode.prototype.start = function (at) { window.tones++; start.call(this, at); };
        window.Notification = class extends EventTarget {
          static permission = "default";
          static requestPermission() { this.permission = "granted"; return Promise.resolve("granted"); }
          constructor(title, { body }) { super(); window.shown.push(this); this.words = `${title}: ${body}`; }
          close() {}
        };
        """;

    private static readonly Person Ana = Person.Ana;
    private static readonly Person Bruno = Person.Bruno;

    [Fact(Timeout = 90_000)]
    public async Task What_comes_elsewhere_is_heard_and_once_allowed_also_seen()
    {
        await inbox.Number.ReceiveAsync(Ana, "Oi");
        await inbox.Number.ReceiveAsync(Bruno, "Olá");
        await using var agent = await inbox.SignInAsync();
        await agent.Page.AddInitScriptAsync(Recorder);
        await agent.Page.ReloadAsync();
        await agent.OpenAsync(Ana.Name);

        await inbox.Number.ReceiveAsync(Ana, "Diante dos olhos");
        await agent.SeesAsync("Diante dos olhos", "received");
        Assert.Equal(0, await TonesAsync(agent));

        await inbox.Number.ReceiveAsync(Bruno, "Só para ouvir");
        await Expect(agent.Row("Só para ouvir")).ToBeVisibleAsync();
        Assert.Equal(2, await TonesAsync(agent));
        Assert.Equal(0, await agent.Page.EvaluateAsync<int>("shown.length"));

        await agent.UserMenu.ClickAsync();
        await Switch(agent, "Som de mensagem nova").ClickAsync();
        await Switch(agent, "Avisos do navegador").ClickAsync();
        await Expect(Switch(agent, "Avisos do navegador")).ToBeCheckedAsync();
        await agent.Page.Keyboard.PressAsync("Escape");
        await inbox.Number.ReceiveAsync(Bruno, "Só para ver");
        await Expect(agent.Row("Só para ver")).ToBeVisibleAsync();
        Assert.Equal(2, await TonesAsync(agent));
        Assert.Equal(
            $"{Bruno.Name}: Só para ver",
            await agent.Page.EvaluateAsync<string>("shown.map((one) => one.words).join()")
        );

        await agent.Page.EvaluateAsync("shown[0].dispatchEvent(new Event('click'))");
        await agent.SeesAsync("Só para ver", "received");
        agent.AssertQuiet();
    }

    private static ILocator Switch(AgentWindow agent, string name) =>
        agent.Page.GetByRole(AriaRole.Switch, new() { Name = name });

    private static Task<int> TonesAsync(AgentWindow agent) =>
        agent.Page.EvaluateAsync<int>("tones");
}
