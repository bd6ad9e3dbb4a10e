using System.Text.Json.Nodes;
using FlowChat.Testing.Evolution.Payloads;
using Microsoft.Playwright;
using static FlowChat.Tests.EndToEnd.OpenThread;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>What several people do together, in the open thread of their group.</summary>
public sealed class GroupKindsTests(OpenThread thread) : IClassFixture<OpenThread>
{
    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact(Timeout = 90_000)]
    public async Task Reactions_come_change_and_go()
    {
        var agent = await thread.ShowAsync(Deliveries);
        var message = thread.MessageOf(Rui, "Saiu para entrega", Deliveries);
        var bubble = await thread.ReceiveAsync(message);

        await ReactAsync(Rui, message, "👍");
        await ReactAsync(Lia, message, "🙏");
        var chip = bubble.GetByRole(AriaRole.Button, new() { Name = "reagiram" });
        await Expect(chip).ToHaveAccessibleNameAsync("👍 🙏 2 pessoas reagiram");
        await ReactAsync(Lia, message, "👍");
        await Expect(chip).ToHaveAccessibleNameAsync("👍 2 pessoas reagiram");
        await chip.ClickAsync();
        var people = agent.Page.GetByLabel("Reações");
        await Expect(people).ToContainTextAsync(Rui.Name);
        await Expect(people).ToContainTextAsync(Lia.Name);
        await agent.ShowAsync("reactions");
        await agent.Page.Keyboard.PressAsync("Escape");

        await ReactAsync(Rui, message, "");
        await Expect(bubble.GetByRole(AriaRole.Button, new() { Name = "reagiu" }))
            .ToHaveAccessibleNameAsync("👍 1 pessoa reagiu");
        await ReactAsync(Lia, message, "");
        await Expect(bubble.GetByRole(AriaRole.Button, new() { Name = "reagiu" }))
            .ToHaveCountAsync(0);
    }

    [Fact(Timeout = 90_000)]
    public async Task Votes_are_counted_as_they_are_given()
    {
        var agent = await thread.ShowAsync(Deliveries);
        var poll = thread.MessageOf(Rui, "", Deliveries) with { Message = MessageKinds.Poll() };
        var bubble = await thread.ReceiveAsync(poll);

        await VoteAsync(Rui, poll, "Chá");
        await VoteAsync(Lia, poll, "Chá");
        await Expect(bubble.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "Chá" }))
            .ToContainTextAsync("2");
        await VoteAsync(Lia, poll, "Água");
        await Expect(bubble.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "Água" }))
            .ToContainTextAsync("1");

        await bubble.GetByRole(AriaRole.Button, new() { Name = "Ver votos" }).ClickAsync();
        await Expect(agent.Page.GetByRole(AriaRole.Dialog, new() { Name = "Ver votos" }))
            .ToContainTextAsync(Lia.Name);
        await agent.ShowAsync("votes");
        await agent.Page.Keyboard.PressAsync("Escape");
    }

    [Fact(Timeout = 90_000)]
    public async Task Who_is_mentioned_has_a_name()
    {
        var agent = await thread.ShowAsync(Deliveries);
        await thread.ReceiveAsync(thread.MessageOf(Lia, "Estou aqui", Deliveries));

        var bubble = await thread.ReceiveAsync(
            thread.MessageOf(Rui, $"@{Lia.Phone} pode ir?", Deliveries) with
            {
                ContextInfo = MessageKinds.Mentioning(Lia),
            }
        );

        await Expect(bubble).ToContainTextAsync($"@{Lia.Name} pode ir?");
        await Expect(agent.Row(Deliveries.Subject)).ToContainTextAsync($"@{Lia.Name} pode ir?");
    }

    [Theory(Timeout = 90_000)]
    [InlineData("add", "Rui Prado adicionou Lia Fontes")]
    [InlineData("remove", "Rui Prado removeu Lia Fontes")]
    [InlineData("promote", "Rui Prado tornou Lia Fontes admin")]
    [InlineData("demote", "Rui Prado retirou Lia Fontes da administração")]
    public async Task Who_comes_goes_and_leads_is_a_line(string action, string line)
    {
        var agent = await thread.ShowAsync(Deliveries);
        await thread.ReceiveAsync(thread.MessageOf(Lia, "Oi, gente", Deliveries));

        await thread.PostAsync(
            thread.Inbox.Number.Number.ParticipantsUpdate(Deliveries, action, Rui, Lia, Now)
        );

        await Expect(agent.Bubble(line)).ToBeInViewportAsync();
        await Expect(agent.Row(Deliveries.Subject)).ToContainTextAsync(line);
    }

    [Fact(Timeout = 90_000)]
    public async Task A_new_name_is_a_line_and_the_heading()
    {
        var group = Deliveries with { Jid = "120363025246125999@g.us", Subject = "Nome de antes" };
        var agent = await thread.ShowAsync(group);

        await thread.PostAsync(
            thread.Inbox.Number.Number.GroupsUpsert(
                group.Metadata("Nome de agora", Now, (Rui, "superadmin"), (Lia, null)),
                Now
            )
        );

        await Expect(agent.Bubble("O grupo agora se chama “Nome de agora”")).ToBeInViewportAsync();
        await Expect(
                agent
                    .Page.GetByLabel("Conversa aberta")
                    .GetByRole(AriaRole.Heading, new() { Name = "Nome de agora" })
            )
            .ToBeVisibleAsync();
        await Expect(agent.Page.GetByLabel("Detalhes da conversa")).ToContainTextAsync(Rui.Name);
    }

    [Fact(Timeout = 90_000)]
    public async Task Who_is_in_the_group_is_shown_as_it_changes()
    {
        var zeca = new Person("5511987650009", "1009", "Zeca Melo");
        var group = Deliveries with { Jid = "120363025246125998@g.us", Subject = "Plantão" };
        var agent = await thread.ShowAsync(group);
        var people = agent
            .Page.GetByLabel("Detalhes da conversa")
            .GetByRole(AriaRole.Listitem)
            .Filter(new() { HasText = "+55 11 98765-" });
        await Expect(people).ToHaveCountAsync(2);

        await TellAsync("add");
        await Expect(people).ToHaveCountAsync(3);
        var newcomer = people.Filter(new() { HasText = "+55 11 98765-0009" });
        await thread.PostAsync(thread.MessageOf(zeca, "Cheguei", group));
        await Expect(newcomer).ToContainTextAsync("Zeca Melo");
        await thread.PostAsync(thread.MessageOf(zeca with { Name = "José" }, "Mudei", group));
        await Expect(newcomer).ToContainTextAsync("José");
        await TellAsync("promote");
        await Expect(newcomer).ToContainTextAsync("admin");
        await agent.ShowAsync("participants");
        thread.Inbox.Gateway.Pictures.Set(zeca.PhoneJid, Drawable.Dot);
        await thread.PostAsync(
            thread.Inbox.Number.Number.PictureUpdate(
                zeca.PhoneJid,
                thread.Inbox.Gateway.Pictures.UrlOf(zeca.PhoneJid),
                Now
            )
        );
        await Expect(newcomer.Locator("img")).ToHaveJSPropertyAsync("naturalWidth", 1);
        await TellAsync("remove");
        await Expect(people).ToHaveCountAsync(2);

        Task TellAsync(string action) =>
            thread.PostAsync(
                thread.Inbox.Number.Number.ParticipantsUpdate(group, action, Rui, zeca, Now)
            );
    }

    private Task ReactAsync(Person by, TextMessage message, string emoji) =>
        thread.PostAsync(
            thread.MessageOf(by, "", Deliveries) with
            {
                Message = MessageKinds.Reaction(message.Key, emoji, Now),
            }
        );

    private Task VoteAsync(Person by, TextMessage poll, string option) =>
        thread.PostAsync(
            thread.MessageOf(by, "", Deliveries) with
            {
                Message = MessageKinds.Vote(poll.Key, Now),
                PollUpdates =
                [
                    new JsonObject { ["name"] = option, ["voters"] = new JsonArray(by.PhoneJid) },
                ],
            }
        );
}
