using FlowChat.Testing.Evolution.Payloads;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>An agent reads and writes while the two contacts of one person become one.</summary>
public sealed class JoinedThreadTests(Inbox inbox) : IClassFixture<Inbox>
{
    [Fact]
    public async Task The_open_thread_stays_with_both_histories_and_its_draft()
    {
        var (ana, asLid) = (Person.Ana, Person.Ana with { Name = "Ana do LID" });
        await PostAsync(ana, "Do telefone", AddressForm.Phone, 1);
        await PostAsync(asLid, "Do LID", AddressForm.LidOnly, 2);
        await using var agent = await inbox.SignInAsync();
        await agent.OpenAsync(asLid.Name);
        var old = agent.Page.Url;
        await agent.Composer.FillAsync("Um momen");

        await PostAsync(ana, "Dos dois", AddressForm.LidWithPhoneAlt, 3);

        await Expect(agent.Rows).ToHaveCountAsync(1);
        foreach (var text in (string[])["Do telefone", "Do LID", "Dos dois"])
        {
            await agent.SeesAsync(text, "received");
        }
        await Expect(agent.Composer).ToHaveValueAsync("Um momen");
        Assert.NotEqual(old, agent.Page.Url);
        await agent.WriteAsync("Um momento");
        await agent.SeesAsync("Um momento", "sent");

        await agent.Page.GotoAsync(old);
        await agent.SeesAsync("Do telefone", "received");
        await Expect(agent.Page).Not.ToHaveURLAsync(old);
        agent.AssertQuiet();
    }

    private async Task PostAsync(Person person, string text, AddressForm address, int second) =>
        await inbox.Number.PostAsync(
            new TextMessage(inbox.Number.Number, person, text)
            {
                Form = new() { Address = address },
                SentAt = DateTimeOffset.UnixEpoch.AddDays(20_000).AddSeconds(second),
            }.ToEnvelope()
        );
}
