using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;
using FlowChat.Tests.Media;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;
using Group = FlowChat.Testing.Evolution.Payloads.Group;

namespace FlowChat.Tests.EndToEnd;

/// <summary>Faces where people are shown, from FlowChat alone.</summary>
public sealed class AvatarTests(Inbox inbox) : IClassFixture<Inbox>
{
    [Fact]
    public async Task A_picture_comes_live_into_the_list_the_thread_and_the_details()
    {
        var rita = Person.Number(71) with { Name = "Rita Alves" };
        await inbox.Number.ReceiveAsync(rita, "Bom dia");
        await using var agent = await inbox.SignInAsync();
        var strangers = new List<string>();
        agent.Page.Request += (_, request) =>
        {
            var url = new Uri(request.Url);
            if (
                url.Scheme.StartsWith("http", StringComparison.Ordinal)
                && url.Port != inbox.FlowChat.BaseUrl.Port
            )
                strangers.Add(request.Url);
        };
        await agent.OpenAsync(rita.Name);
        await Expect(Face(agent.Row(rita.Name))).ToHaveTextAsync("RA");

        await TellAsync(rita.PhoneJid, Drawable.Dot);

        foreach (var place in Places(agent, rita.Name))
        {
            await Expect(Face(place).Locator("img")).ToHaveJSPropertyAsync("naturalWidth", 1);
        }
        Assert.Empty(strangers);
        agent.AssertQuiet();
    }

    [Fact]
    public async Task What_can_not_be_drawn_leaves_the_initials()
    {
        var joao = Person.Number(72) with { Name = "João da Silva" };
        inbox.Gateway.Pictures.Set(joao.PhoneJid, TestFile.Jpeg());
        await inbox.Number.ReceiveAsync(joao, "Oi");
        await using var agent = await inbox.SignInAsync();
        var asked = agent.Page.WaitForRequestFinishedAsync(
            new()
            {
                Predicate = request =>
                    request.Url.Contains("/picture?v=", StringComparison.Ordinal),
            }
        );
        await agent.OpenAsync(joao.Name);
        await asked;

        await Expect(Face(agent.Row(joao.Name)).Locator("img")).ToHaveCountAsync(0);
        await Expect(Face(agent.Row(joao.Name))).ToHaveTextAsync("JS");
    }

    [Fact]
    public async Task Who_writes_in_a_group_has_a_face_there()
    {
        var (ana, bruno) = (Person.Number(73) with { Name = "Ana Lima" }, Person.Number(74));
        var group = new Group("120363025246129999@g.us", "Condomínio");
        inbox.Number.Groups[group.Jid] = group.Metadata(
            group.Subject,
            TimeProvider.System.GetUtcNow(),
            (ana, "admin"),
            (bruno, null)
        );
        inbox.Gateway.Pictures.Set(group.Jid, Drawable.Dot);
        await SpeakAsync(group, ana, "Reunião às 19h");
        await SpeakAsync(group, bruno, "Combinado");
        await using var agent = await inbox.SignInAsync();
        await agent.OpenAsync(group.Subject);
        await Expect(Face(agent.Row(group.Subject)).Locator("img"))
            .ToHaveJSPropertyAsync("naturalWidth", 1);

        await TellAsync(ana.PhoneJid, Drawable.Dot);

        await Expect(Face(agent.Bubble("Reunião às 19h")).Locator("img"))
            .ToHaveJSPropertyAsync("naturalWidth", 1);
        await Expect(Face(agent.Bubble("Combinado"))).ToHaveTextAsync("C7");
        // Whoever opens the thread now is told with the group's members.
        await agent.Page.ReloadAsync();
        await Expect(Face(agent.Bubble("Reunião às 19h")).Locator("img"))
            .ToHaveJSPropertyAsync("naturalWidth", 1);
        await Expect(agent.Page.GetByRole(AriaRole.Complementary)).ToContainTextAsync("dono");
        await agent.ShowAsync("faces");
        agent.AssertQuiet();
    }

    private static ILocator Face(ILocator place) => place.Locator("[data-tone][aria-hidden]").First;

    private static ILocator[] Places(AgentWindow agent, string name) =>
        [
            agent.Row(name),
            agent.Page.GetByLabel("Conversa aberta").Locator("header"),
            agent.Page.GetByRole(AriaRole.Complementary),
        ];

    private async Task TellAsync(string jid, byte[] picture)
    {
        inbox.Gateway.Pictures.Set(jid, picture);
        await inbox.Client.EventsAsync(0, TestContext.Current.CancellationToken);
        await inbox.Number.PostAsync(
            inbox.Number.Number.PictureUpdate(
                jid,
                inbox.Gateway.Pictures.UrlOf(jid),
                TimeProvider.System.GetUtcNow()
            )
        );
    }

    private Task<WebhookDelivery> SpeakAsync(Group group, Person person, string text) =>
        inbox.Number.PostAsync(
            new TextMessage(inbox.Number.Number, person, text)
            {
                Group = group,
                SentAt = TimeProvider.System.GetUtcNow(),
            }.ToEnvelope()
        );
}
