using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;
using FlowChat.Testing.Samples;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>With people of its own, and what reaches them.</summary>
internal sealed class OfflineTalk(Inbox inbox)
{
    private static int people = 700;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async Task<Person> MeetAsync(string name)
    {
        var n = Interlocked.Increment(ref people);
        var person = new Person($"5511970000{n}", $"7000{n}", name);
        await inbox.Number.ReceiveAsync(person, "Oi");
        return person;
    }

    /// <summary>Somebody of the team who has their conversation open.</summary>
    /// <param name="person">Whose.</param>
    /// <param name="email">Who.</param>
    /// <param name="script">See <see cref="OfflineAgent.SignInAsync"/>.</param>
    public async Task<OfflineAgent> OpenAsync(
        Person person,
        string email = Inbox.Email,
        string? script = null
    )
    {
        var agent = await OfflineAgent.SignInAsync(inbox, email, script);
        await agent.Window.OpenAsync(person);
        return agent;
    }

    public SentMessage[] SentTo(Person person) =>
        [.. inbox.Gateway.Sent.All.Where(sent => sent.RemoteJid == person.PhoneJid)];

    /// <summary>All of them, once and in this order.</summary>
    public async Task AssertSentAsync(Person person, params string[] texts)
    {
        foreach (var text in texts)
        {
            await inbox.Gateway.Sent.WaitAsync(
                sent => sent.RemoteJid == person.PhoneJid && sent.Text == text,
                Ct
            );
        }
        Assert.Equal(texts, SentTo(person).Select(sent => sent.Text));
    }
}

internal static class OfflineActs
{
    public static async Task OpenAsync(this AgentWindow agent, Person person)
    {
        await agent.OpenAsync(person.Name);
        await agent.SeesAsync("Oi", "received");
    }

    public static async Task SendPhotoAsync(this AgentWindow agent, string caption)
    {
        await agent
            .Page.Locator("input[data-picks=seen]")
            .SetInputFilesAsync(
                new FilePayload
                {
                    Name = "vitrine.jpg",
                    MimeType = "image/jpeg",
                    Buffer = Sample.Read(Sample.Photo),
                }
            );
        await agent.Page.GetByLabel("Legenda de vitrine.jpg").Last.FillAsync(caption);
        await agent.Page.Keyboard.PressAsync("Enter");
        await Expect(agent.Bubble(caption)).ToHaveAttributeAsync("data-status", "queued");
    }

    /// <summary>What this side said, from top to bottom.</summary>
    public static Task SaidAsync(this AgentWindow agent, params string[] texts) =>
        Expect(agent.Page.Locator("[data-message-id][data-direction=out]"))
            .ToContainTextAsync(texts);
}
