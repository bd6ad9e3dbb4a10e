using FlowChat.Testing.Samples;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>What a newcomer sees, from the first sign-in to the first answer on the test phone.</summary>
public sealed class FirstDayTests(Inbox inbox) : IClassFixture<Inbox>
{
    [Fact(Timeout = 180_000)]
    public async Task Every_page_of_a_first_day_is_open_to_everyone()
    {
        await using var agent = await inbox.SignInAsync();
        await Expect(agent.Page.GetByText("Nenhuma conversa ainda")).ToBeVisibleAsync();
        await agent.ShowAsync("first-start");

        await agent.Page.Keyboard.PressAsync("?");
        await Expect(agent.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await agent.ShowAsync("shortcuts");
        await agent.Page.Keyboard.PressAsync("Escape");

        await agent.Button("Nova conversa").ClickAsync();
        await agent.Page.GetByLabel("Número com DDI e DDD").FillAsync("11");
        await agent.Button("Começar").ClickAsync();
        await Expect(agent.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await agent.ShowAsync("new-conversation");
        await agent.Page.Keyboard.PressAsync("Escape");

        await agent.Link("Números").ClickAsync();
        await Expect(agent.Page.GetByText("Loja Centro")).ToBeVisibleAsync();
        await agent.ShowAsync("instances");

        await agent.UserMenu.ClickAsync();
        await agent.ShowAsync("user-menu");
        await agent.Page.GetByLabel("English").CheckAsync();
        await agent.ShowAsync("user-menu-in-english");
        await agent.Page.GetByLabel("Português").CheckAsync();
        await agent.Page.Keyboard.PressAsync("Escape");

        await WriteFromThePhoneAsync(agent, "Oi! Vocês abrem no sábado?");
        await SendFromThePhoneAsync(agent);
        await agent.ShowAsync("sandbox");
        await agent.Button("Adicionar cliente").ClickAsync();
        await agent.ShowAsync("sandbox-new-customer");
        await agent.Page.Keyboard.PressAsync("Escape");

        await agent.Link("Conversas").ClickAsync();
        await agent.OpenAsync("Ana Souza");
        await agent.SeesAsync("Oi! Vocês abrem no sábado?", "received");
        await Expect(agent.Page.Locator("[data-type=image] img")).ToBeVisibleAsync();
        await Expect(agent.Page.Locator("[data-type=voice]").GetByLabel("Reproduzir"))
            .ToBeVisibleAsync();
        await agent.WriteAsync("Abrimos sim, das 9h às 14h.");
        await agent.SeesAsync("Abrimos sim", "sent");
        await agent.ShowAsync("first-answer");
    }

    [Fact(Timeout = 120_000)]
    public async Task So_is_the_sign_in_page()
    {
        await using var agent = await inbox.SignInAsync();
        await agent.UserMenu.ClickAsync();
        await agent.Button("Sair").ClickAsync();
        await agent.ShowAsync("sign-in");

        await agent.FillSignInAsync(Inbox.Email, "not the password");
        await Expect(agent.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await agent.ShowAsync("sign-in-refused");
    }

    private static async Task SendFromThePhoneAsync(AgentWindow agent)
    {
        await agent
            .Page.Locator("input[type=file]")
            .SetInputFilesAsync(Sample.PathOf(Sample.Photo));
        await Expect(agent.Page.GetByAltText("Foto")).ToBeVisibleAsync();
        await agent.Button("Gravar mensagem de voz").ClickAsync();
        await Expect(agent.Page.GetByRole(AriaRole.Timer)).Not.ToContainTextAsync("0:00");
        await agent.Button("Enviar do celular").ClickAsync();
        await Expect(agent.Button("Reproduzir")).ToBeVisibleAsync();
    }

    private static async Task WriteFromThePhoneAsync(AgentWindow agent, string text)
    {
        await agent.Link("Celular de teste").ClickAsync();
        await agent.Page.GetByRole(AriaRole.Textbox, new() { Name = "Mensagem" }).FillAsync(text);
        await agent.Button("Enviar do celular").ClickAsync();
        await Expect(agent.Bubble(text)).ToBeVisibleAsync();
    }
}
