using System.Text.Json.Nodes;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>A number is added, connected and looked after from the page, and all of it with the keyboard alone.</summary>
public sealed class InstancesPageTests(Inbox inbox) : IClassFixture<Inbox>
{
    [Fact(Timeout = 120_000)]
    public async Task A_number_is_added_scanned_renamed_and_removed()
    {
        var filial = inbox.Gateway.AddInstance("filial", "close");
        await using var agent = await inbox.SignInAsync();
        var keyboard = agent.Page.Keyboard;
        var dialog = agent.Page.GetByRole(AriaRole.Dialog);
        await agent.Link("Números").PressAsync("Enter");

        // The codes here are told by hand.
        inbox.Gateway.QrInterval = Timeout.InfiniteTimeSpan;
        await agent.Button("Adicionar número").PressAsync("Enter");
        await Expect(agent.Page.GetByLabel("Nome para a equipe")).ToBeFocusedAsync();
        await keyboard.TypeAsync("Filial Sul");
        await FillAsync(agent, "Endereço do Evolution", inbox.Gateway.BaseUrl.ToString());
        await FillAsync(agent, "Chave (apikey)", inbox.Gateway.ApiKey);
        await FillAsync(agent, "Nome da instância no Evolution", filial.Name);
        await agent.ShowAsync("number-new");
        await keyboard.PressAsync("Enter");

        await Expect(dialog).ToContainTextAsync("Guarde este segredo");
        await agent.ShowAsync("number-secret");
        await agent.Button("Já guardei").PressAsync("Enter");

        // The fake's picture is none: then the code is drawn.
        await Expect(agent.Page.GetByRole(AriaRole.Img, new() { Name = "Código QR" }))
            .ToBeVisibleAsync();
        await agent.ShowAsync("number-pairing");
        await filial.PostAsync(
            filial.Number.QrCodeUpdated(
                new JsonObject { ["pairingCode"] = "ABCD1234", ["code"] = "2@next" },
                TimeProvider.System.GetUtcNow()
            )
        );
        await Expect(dialog).ToContainTextAsync("ABCD1234");
        await filial.ChangeStateAsync("open");
        await Expect(dialog).ToContainTextAsync("Conectado");
        await keyboard.PressAsync("Enter");
        await Expect(dialog).ToBeHiddenAsync();

        await ChooseAsync(agent, "Filial Sul", "Renomear");
        await dialog.GetByRole(AriaRole.Textbox).FillAsync("Filial Norte");
        await keyboard.PressAsync("Enter");
        await Expect(agent.Page.GetByRole(AriaRole.Heading, new() { Name = "Filial Norte" }))
            .ToBeVisibleAsync();
        await filial.ChangeStateAsync("close", 401);
        await Expect(agent.Page.GetByText("O celular não está nesta sessão")).ToBeVisibleAsync();
        await agent.ShowAsync("number-closed");

        await ChooseAsync(agent, "Filial Norte", "Remover número");
        await agent.ShowAsync("number-remove");
        await agent.Button("Remover").PressAsync("Enter");
        await Expect(agent.Page.GetByRole(AriaRole.Heading, new() { Name = "Filial Norte" }))
            .ToHaveCountAsync(0);
        agent.AssertQuiet();
    }

    [Fact(Timeout = 120_000)]
    public async Task A_lost_number_is_connected_again_from_a_conversation_of_its()
    {
        var ana = Person.Number(81) with { Name = "Ana Lima" };
        await inbox.Number.ReceiveAsync(ana, "Bom dia");
        await using var agent = await inbox.SignInAsync();
        await agent.OpenAsync(ana.Name);
        await inbox.Number.ChangeStateAsync("close", 401);

        await Expect(agent.Page.GetByText("Loja Centro não está conectado")).ToBeVisibleAsync();
        await agent.ShowAsync("lost-number");
        await agent.GoBackToAsync(agent.Button("Conectar"));
        await agent.PressAsync("Enter");

        var dialog = agent.Page.GetByRole(AriaRole.Dialog, new() { Name = "Conectar Loja Centro" });
        var code = dialog.GetByRole(AriaRole.Img, new() { Name = "Código QR" });
        await Expect(code).ToBeVisibleAsync();
        await agent.Page.ReloadAsync();
        await Expect(code).ToBeVisibleAsync();
        await inbox.Number.ChangeStateAsync("open");
        await Expect(dialog).ToContainTextAsync("Conectado");
        await agent.PressAsync("Enter");
        await Expect(dialog).ToBeHiddenAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task Who_may_not_connect_a_number_is_shown_no_code_of_it()
    {
        const string email = "davi@example.com";
        await inbox.Client.CreateUserAsync(
            email,
            "Davi",
            "agent",
            Inbox.Password,
            TestContext.Current.CancellationToken
        );
        await using var agent = await inbox.SignInAsync(email: email);

        await agent.Page.GotoAsync($"/instances/{inbox.Instance.Id}");

        await Expect(agent.Page.GetByRole(AriaRole.Heading, new() { Name = "Loja Centro" }))
            .ToBeVisibleAsync();
        await Expect(agent.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        agent.AssertQuiet();
    }

    [Fact(Timeout = 120_000)]
    public async Task What_goes_wrong_is_said_in_the_agents_language()
    {
        await using var agent = await inbox.SignInAsync();
        var alert = agent.Page.GetByRole(AriaRole.Alert);
        await agent.Link("Números").PressAsync("Enter");

        await agent.Button("Adicionar número").PressAsync("Enter");
        await agent.Page.GetByLabel("Nome para a equipe").FillAsync("Errada");
        await agent.Page.GetByLabel("Endereço do Evolution").FillAsync("https://a:b@example.com");
        await agent.Page.GetByLabel("Chave (apikey)").FillAsync("x");
        await agent.Page.GetByLabel("Nome da instância no Evolution").FillAsync("errada");
        await agent.PressAsync("Enter");
        await Expect(alert).ToContainTextAsync("Informe só o endereço");
        await agent.ShowAsync("number-wrong");
        await agent.PressAsync("Escape");

        await agent.Page.RouteAsync(
            "**/api/instances/*/rotate-secret",
            route => route.AbortAsync()
        );
        await ChooseAsync(agent, "Loja Centro", "Trocar segredo do webhook");
        await agent.Button("Trocar segredo").PressAsync("Enter");
        await Expect(alert).ToContainTextAsync("O servidor não respondeu");
        await agent.PressAsync("Escape");
        inbox.Gateway.Script.Next(
            request => request.Path.StartsWith("/instance/logout", StringComparison.Ordinal),
            Reply.Refused(Answer.Unauthorized)
        );
        await ChooseAsync(agent, "Loja Centro", "Desconectar");
        await agent.Button("Desconectar").PressAsync("Enter");
        await Expect(alert).ToContainTextAsync("O gateway recusou a chave deste número");
        await agent.PressAsync("Escape");

        var lost = inbox.Gateway.AddInstance("perdida", "close");
        var instance = await inbox.Client.CreateEvolutionInstanceAsync(
            "Perdida",
            inbox.Gateway.BaseUrl,
            "another key",
            lost.Name,
            TestContext.Current.CancellationToken
        );
        var line = agent
            .Page.GetByRole(AriaRole.Listitem)
            .Filter(new() { HasText = instance.Name });
        await Expect(line).ToContainTextAsync("O gateway recusou a chave. As mensagens esperam");
        await Expect(line).Not.ToContainTextAsync("The gateway");
        await agent.ShowAsync("number-key-refused");
        await line.GetByRole(AriaRole.Button, new() { Name = "Detalhes" }).PressAsync("Enter");
        await Expect(line).ToContainTextAsync("Unauthorized");
    }

    [Fact(Timeout = 120_000)]
    public async Task A_number_is_paired_with_a_code_that_is_typed_on_its_phone()
    {
        inbox.Gateway.QrInterval = Timeout.InfiniteTimeSpan;
        var fake = inbox.Gateway.AddInstance("digitada", "close");
        await CreateAsync("Digitada", fake.Name);
        await using var agent = await inbox.SignInAsync();
        var dialog = agent.Page.GetByRole(AriaRole.Dialog);
        var phone = agent.Page.GetByLabel("Número com código do país");
        await agent.Link("Números").PressAsync("Enter");
        await Line(agent, "Digitada")
            .GetByRole(AriaRole.Button, new() { Name = "Conectar" })
            .PressAsync("Enter");
        await Expect(agent.Page.GetByRole(AriaRole.Img, new() { Name = "Código QR" }))
            .ToBeVisibleAsync();
        await Expect(dialog).Not.ToContainTextAsync("WZYEH1Y");

        await agent.GoToAsync(agent.Button("Conectar com número de telefone"));
        await agent.PressAsync("Enter");
        await Expect(phone).ToBeFocusedAsync();
        await agent.ShowAsync("number-phone");
        await agent.Page.Keyboard.TypeAsync("+55 11 98765-4321");
        await agent.PressAsync("Enter");

        await Expect(dialog).ToContainTextAsync("WZYEH1Y");
        await Expect(dialog).ToContainTextAsync("Digite o código");
        await agent.ShowAsync("number-phone-code");
        Assert.Equal(
            ["", "?number=5511987654321"],
            inbox
                .Gateway.Requests.All.Where(one => one.Path == $"/instance/connect/{fake.Name}")
                .Select(one => one.Query)
        );
        await fake.ChangeStateAsync("open");
        await Expect(dialog).ToContainTextAsync("Conectado");
        agent.AssertQuiet();
    }

    [Fact(Timeout = 120_000)]
    public async Task A_key_that_the_gateway_refuses_is_corrected_here()
    {
        var fake = inbox.Gateway.AddInstance("trocada", "open");
        await CreateAsync("Trocada", fake.Name, "another key");
        await using var agent = await inbox.SignInAsync();
        var key = agent.Page.GetByLabel("Chave (apikey)");
        await agent.Link("Números").PressAsync("Enter");
        await Expect(Line(agent, "Trocada")).ToContainTextAsync("“Trocar chave ou endereço”");

        await ChooseAsync(agent, "Trocada", "Trocar chave ou endereço");
        await Expect(key).ToBeFocusedAsync();
        await Expect(agent.Button("Salvar")).ToBeDisabledAsync();
        await agent.ShowAsync("number-access");
        await agent.Page.Keyboard.TypeAsync(inbox.Gateway.ApiKey);
        await agent.PressAsync("Enter");

        await Expect(agent.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Expect(Line(agent, "Trocada")).ToContainTextAsync("Conectado");
        await Expect(Line(agent, "Trocada")).ToContainTextAsync(fake.Name);
        agent.AssertQuiet();
    }

    [Fact(Timeout = 120_000)]
    public async Task A_number_goes_at_its_gateway_too_where_that_is_wished()
    {
        inbox.Gateway.AddInstance("fica", "open");
        inbox.Gateway.AddInstance("sai", "open");
        await CreateAsync("Fica", "fica");
        await CreateAsync("Sai", "sai");
        await using var agent = await inbox.SignInAsync();
        var too = agent.Page.GetByRole(
            AriaRole.Switch,
            new() { Name = "Apagar também no gateway" }
        );
        await agent.Link("Números").PressAsync("Enter");

        await ChooseAsync(agent, "Fica", "Remover número");
        await Expect(too).Not.ToBeCheckedAsync();
        await agent.Button("Remover").PressAsync("Enter");
        await Expect(Line(agent, "Fica")).ToHaveCountAsync(0);
        await ChooseAsync(agent, "Sai", "Remover número");
        await too.PressAsync("Space");
        await agent.ShowAsync("number-remove-there");
        await agent.Button("Remover").PressAsync("Enter");
        await Expect(Line(agent, "Sai")).ToHaveCountAsync(0);

        Assert.NotNull(inbox.Gateway.FindInstance("fica"));
        Assert.Null(inbox.Gateway.FindInstance("sai"));
        agent.AssertQuiet();
    }

    private Task<FlowChat.Testing.Api.Instance> CreateAsync(
        string name,
        string there,
        string? key = null
    ) =>
        inbox.Client.CreateEvolutionInstanceAsync(
            name,
            inbox.Gateway.BaseUrl,
            key ?? inbox.Gateway.ApiKey,
            there,
            TestContext.Current.CancellationToken
        );

    private static ILocator Line(AgentWindow agent, string name) =>
        agent
            .Page.GetByRole(AriaRole.Listitem)
            .Filter(
                new()
                {
                    Has = agent.Page.GetByRole(
                        AriaRole.Heading,
                        new() { Name = name, Exact = true }
                    ),
                }
            );

    private static async Task FillAsync(AgentWindow agent, string label, string value)
    {
        await agent.Page.Keyboard.PressAsync("Tab");
        await Expect(agent.Page.GetByLabel(label, new() { Exact = true })).ToBeFocusedAsync();
        await agent.Page.Keyboard.TypeAsync(value);
    }

    private static async Task ChooseAsync(AgentWindow agent, string name, string entry)
    {
        var keyboard = agent.Page.Keyboard;
        var item = agent.Page.GetByRole(AriaRole.Menuitem, new() { Name = entry });
        await agent.Button($"Ações de {name}").PressAsync("Enter");
        await Expect(item).ToBeVisibleAsync();
        while (!await item.EvaluateAsync<bool>("(one) => one === document.activeElement"))
            await keyboard.PressAsync("ArrowDown");
        await keyboard.PressAsync("Enter");
    }
}
