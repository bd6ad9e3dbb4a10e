using System.Text.RegularExpressions;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>An agent speaks, or has just spoken, while the two contacts of one person become one.</summary>
public sealed partial class JoinedVoiceTests(Inbox inbox) : IClassFixture<Inbox>
{
    [Theory(Timeout = 180_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_recording_goes_on_and_is_sent_once_into_what_they_became(bool inLid)
    {
        var (phone, name) = inLid
            ? (new Person("5511987650121", "2021", "Ana F"), "Ana L")
            : (new Person("5511987650122", "2022", "Eva F"), "Eva L");
        var lid = phone with { Name = name };
        await using var agent = await OpenAsync(phone, lid, inLid);
        var before = Voices;
        var timer = agent.Page.GetByRole(AriaRole.Timer);
        await agent.Button("Gravar mensagem de voz").ClickAsync();
        await Expect(timer).ToHaveTextAsync("0:02");
        await timer.EvaluateAsync("(timer) => timer.stayed = true");

        await PostAsync(phone, "Dos dois", AddressForm.LidWithPhoneAlt, 3);

        await Expect(agent.Rows.Filter(new() { HasText = phone.Name })).ToHaveCountAsync(1);
        await agent.SeesAsync("Do telefone", "received");
        await agent.SeesAsync("Do LID", "received");
        Assert.True(await timer.EvaluateAsync<bool>("(timer) => timer.stayed === true"));
        await Expect(timer).ToHaveTextAsync(AllOfIt());
        await agent.Window.ScreenshotAsync($"joined-recording-{inLid}");
        await agent.Button("Enviar mensagem de voz").ClickAsync();
        await SeesNoteAsync(agent, before);
        agent.AssertQuiet();
    }

    [Fact(Timeout = 180_000)]
    public async Task What_is_still_on_its_way_up_arrives_there_once()
    {
        var phone = new Person("5511987650123", "2023", "Bia F");
        await using var agent = await OpenAsync(phone, phone with { Name = "Bia L" }, true);
        var before = Voices;
        var joined = new TaskCompletionSource();
        await agent.Page.RouteAsync(
            "**/api/attachments",
            async route =>
            {
                await joined.Task;
                await route.ContinueAsync();
            }
        );
        await agent.Composer.FillAsync("Já te");
        await agent.Button("Gravar mensagem de voz").ClickAsync();
        await Expect(agent.Page.GetByRole(AriaRole.Timer)).ToHaveTextAsync("0:04");
        await agent.Button("Enviar mensagem de voz").ClickAsync();
        await Expect(agent.Page.Locator("[data-type=voice]")).ToHaveCountAsync(1);

        await PostAsync(phone, "Dos dois", AddressForm.LidWithPhoneAlt, 3);
        await agent.SeesAsync("Do telefone", "received");
        await Expect(agent.Page.Locator("[data-type=voice]")).ToHaveCountAsync(1);
        joined.SetResult();

        await SeesNoteAsync(agent, before);
        await Expect(agent.Composer).ToHaveValueAsync("Já te");
        agent.AssertQuiet();
    }

    [Fact(Timeout = 180_000)]
    public async Task A_question_that_is_being_written_and_the_quote_of_an_answer_stay()
    {
        var phone = new Person("5511987650124", "2024", "Caio F");
        await using var agent = await OpenAsync(phone, phone with { Name = "Caio L" }, true);
        await agent.ChooseAsync(agent.Bubble("Do LID"), "Responder");
        await agent.Composer.FillAsync("Sobre isso");
        await agent.Button("Anexar").ClickAsync();
        await agent.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Enquete" }).ClickAsync();
        await agent.Page.GetByLabel("Pergunta").FillAsync("Que dia?");

        await PostAsync(phone, "Dos dois", AddressForm.LidWithPhoneAlt, 3);

        await agent.SeesAsync("Do telefone", "received");
        await Expect(agent.Page.GetByLabel("Pergunta")).ToHaveValueAsync("Que dia?");
        await agent.PressAsync("Escape");
        await Expect(agent.Composer).ToHaveValueAsync("Sobre isso");
        await agent.Composer.PressAsync("Enter");
        await agent.SeesAsync("Sobre isso", "sent");
        await Expect(agent.Bubble("Sobre isso")).ToContainTextAsync("Do LID");
        agent.AssertQuiet();
    }

    private int Voices => inbox.Gateway.Requests.All.Count(IsVoice);

    private static bool IsVoice(RecordedRequest request) =>
        request.Path.StartsWith("/message/sendWhatsAppAudio", StringComparison.Ordinal);

    [GeneratedRegex("0:(?:0[4-9]|[1-5][0-9])", RegexOptions.None, 1_000)]
    private static partial Regex AllOfIt();

    /// <summary>One bubble, as long as all that was spoken; one request; the same after a reload.</summary>
    private async Task SeesNoteAsync(AgentWindow agent, int before)
    {
        var note = agent.Page.Locator("[data-type=voice]");
        await Expect(note).ToHaveAttributeAsync("data-status", "sent");
        await Expect(note).ToContainTextAsync(AllOfIt());
        await agent.Page.ReloadAsync();
        await Expect(note).ToHaveCountAsync(1);
        Assert.Equal(before + 1, Voices);
    }

    /// <summary>One of the two conversations of a person who is still two.</summary>
    private async Task<AgentWindow> OpenAsync(Person phone, Person lid, bool inLid)
    {
        await PostAsync(phone, "Do telefone", AddressForm.Phone, 1);
        await PostAsync(lid, "Do LID", AddressForm.LidOnly, 2);
        var agent = await inbox.SignInAsync();
        await agent.OpenAsync((inLid ? lid : phone).Name);
        return agent;
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
