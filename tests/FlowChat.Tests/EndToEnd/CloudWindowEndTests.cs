using FlowChat.Testing.Cloud;
using FlowChat.Testing.Cloud.Payloads;
using FlowChat.Testing.Evolution.Payloads;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>The 24 hours end while an agent writes.</summary>
public sealed class CloudWindowEndTests(Inbox inbox) : IClassFixture<Inbox>
{
    [Fact(Timeout = 120_000)]
    public async Task The_composer_gives_way_to_templates_and_comes_back_with_the_draft()
    {
        await using var meta = await FakeCloud.StartAsync();
        var number = await inbox.AddAsync(meta, "106540352242930", meta.Token);
        var lia = new Person("5511987650012", "1012", "Lia Prazo");
        await meta.HearAsync(number, lia, CloudMessages.Text("Ontem"), hoursAgo: 23);
        await using var agent = await inbox.SignInAsync();
        await agent.Page.Clock.InstallAsync();
        await agent.Page.ReloadAsync();
        await agent.OpenAsync(lia.Name);
        await agent.Composer.FillAsync("Só um instante");

        await agent.Page.Clock.FastForwardAsync("01:01:00");

        await Expect(agent.Page.GetByText("só modelos", new() { Exact = false }).First)
            .ToBeVisibleAsync();
        await Expect(agent.Composer).ToHaveCountAsync(0);
        await meta.HearAsync(number, lia, CloudMessages.Text("Voltei"));
        await agent.SeesAsync("Voltei", "received");
        await Expect(agent.Composer).ToHaveValueAsync("Só um instante");
        agent.AssertQuiet();
    }
}
