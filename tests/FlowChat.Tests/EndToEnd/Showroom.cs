using System.Globalization;
using FlowChat.Testing.Api;
using FlowChat.Testing.Browser;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Group = FlowChat.Testing.Evolution.Payloads.Group;

namespace FlowChat.Tests.EndToEnd;

/// <summary>A furniture shop's inbox in the middle of a morning, filled as in life: by webhooks, answers and receipts.</summary>
public sealed class Showroom(SharedPostgres postgres) : IAsyncLifetime
{
    private const string Email = "marina@example.com";
    private const string Password = "a password for tests";

    private static readonly Person Rafael = new("5511981234477", "1001", "Rafael Campos");
    private static readonly Person Luciana = new("5511976540012", "1002", "Luciana Martins");
    private static readonly Person Carlos = new("5511969871100", "1003", "Carlos Teixeira");
    private static readonly Person Beatriz = new("5511992223344", "1004", "Dra. Beatriz");
    private static readonly Person Bakery = new("551133334040", "1005", "Padaria Vila Rica");
    private static readonly Person Stranger = new("5511955556666", "1006", "");
    private static readonly Person Joao = new("5511940405050", "1007", "João Batista");
    private static readonly Person Lia = new("5511930306060", "1008", "Lia Fontes");
    private static readonly Group Deliveries = new("120363025246125486@g.us", "Entregas Zona Sul");

    private readonly ShiftedClock _clock = new();
    private FakeEvolution _gateway = null!;
    private FakeInstance _number = null!;
    private FlowChatServer _server = null!;
    private Chromium? _chromium;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static Person Ana { get; } = new("5511987654321", "1000", "Ana Souza");

    public async ValueTask InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(30_000);
        _gateway = await FakeEvolution.StartAsync(time: _clock);
        _server = await FlowChatServer.StartAsync(
            await postgres.CreateDatabaseAsync(),
            services: services => services.AddSingleton<TimeProvider>(_clock)
        );
        await OpenShopAsync();
        await YesterdayAsync();
        await ThisMorningAsync();
        _clock.Ago = TimeSpan.Zero;
    }

    internal async Task<AgentWindow> SignInAsync(Screen? screen = null)
    {
        Assert.SkipWhen(Chromium.ExecutablePath is null, Chromium.HowToInstall);
        _chromium ??= await Chromium.LaunchAsync();
        var agent = new AgentWindow(
            await _chromium.OpenAsync(
                _server.BaseUrl,
                (screen ?? Screen.Desktop) with
                {
                    Timezone = MidMorning(),
                }
            )
        );
        await agent.SignInAsync(Email, Password);
        return agent;
    }

    public async ValueTask DisposeAsync()
    {
        if (_chromium is not null)
            await _chromium.DisposeAsync();
        await _server.DisposeAsync();
        await _gateway.DisposeAsync();
    }

    private async Task OpenShopAsync()
    {
        var sandbox = await _server.Client.GetAsync<Page<Instance>>("/api/instances", Ct);
        var instance = await _server.ConnectAsync(_gateway, Ct);
        _number = _gateway.FindInstance("loja")!;
        _number.Webhook = WebhookTarget.WithSecret(instance.WebhookUrl!, instance.WebhookSecret!);
        foreach (var one in sandbox.Items)
            (
                await _server.Client.Http.DeleteAsync($"/api/instances/{one.Id}", Ct)
            ).EnsureSuccessStatusCode();
        await _server.Client.CreateUserAsync(Email, "Marina Costa", "agent", Password, Ct);
    }

    private async Task YesterdayAsync()
    {
        await HearsAsync(1_130, Ana, "Boa tarde! Vocês têm o sofá Lumi de 3 lugares?");
        await SaysAsync(
            1_127,
            Ana,
            "Boa tarde, Ana! Temos sim, nas cores areia e grafite.",
            WhatsAppStatus.Read
        );
        await HearsAsync(1_125, Ana, "Que bom! Vou medir a sala e volto amanhã.");
        await HearsAsync(1_090, Carlos, "Chegou tudo certinho, muito obrigado");
        await SaysAsync(1_088, Carlos, "Obrigado pela preferência!", WhatsAppStatus.DeliveryAck);
        await HearsAsync(1_060, Stranger, "Boa noite, vocês entregam em Osasco?");
    }

    private async Task ThisMorningAsync()
    {
        await HearsAsync(62, Beatriz, "Consigo trocar a cor das poltronas até sexta?");
        await HearsAsync(50, Luciana, "Oi! Saiu a nota fiscal da mesa?");
        await SaysAsync(
            44,
            Luciana,
            "Saiu sim, Luciana. Mandei agora no seu e-mail.",
            WhatsAppStatus.DeliveryAck
        );
        await HearsAsync(33, Rafael, "Prefiro pagar no boleto, pode ser?");
        await SaysAsync(30, Rafael, "Pode sim. Segue a linha digitável.", WhatsAppStatus.Read);
        await HearsAsync(16, Joao, "Carregamos o caminhão", Deliveries);
        await HearsAsync(15, Lia, "Primeira parada é a Ana?", Deliveries);
        await HearsAsync(13, Joao, "Saiu pra entrega, chega em 40 minutos", Deliveries);
        await HearsAsync(12, Ana, "Bom dia! Medi aqui e cabe certinho 😊");
        await HearsAsync(
            12,
            Ana,
            "Ainda tem na cor areia? É este: https://lojacentro.example/lumi"
        );
        await SaysAsync(
            10,
            Ana,
            "Bom dia, Ana! Tem sim, pronta entrega. Sai por R$ 2.890 ou 10× de R$ 289 sem juros.",
            WhatsAppStatus.Read
        );
        await HearsAsync(8, Ana, "E o frete pra Vila Mariana?");
        await SaysAsync(
            6,
            Ana,
            "Consigo frete grátis pra você. Entrego amanhã ou na quinta, o que prefere?",
            WhatsAppStatus.Read
        );
        await HearsAsync(5, Bakery, "Bom dia! Os bancos do balcão já chegaram?");
        await HearsAsync(4, Bakery, "Se puder, passo aí depois do almoço");
        await HearsAsync(3, Ana, "Perfeito, pode ser amanhã às 9h então?");
        await SaysAsync(2, Ana, "Fechado! Amanhã às 9h.", WhatsAppStatus.DeliveryAck);
        await SaysIntoTheVoidAsync(1, Ana, "Já emiti o pedido, o número é 4812.");
    }

    private async Task HearsAsync(int minutesAgo, Person from, string text, Group? group = null)
    {
        _clock.Ago = TimeSpan.FromMinutes(minutesAgo);
        var message = new TextMessage(_number.Number, from, text)
        {
            Group = group,
            SentAt = _clock.GetUtcNow(),
        };
        Assert.True((await _number.PostAsync(message.ToEnvelope())).Accepted);
    }

    private async Task SaysAsync(int minutesAgo, Person to, string text, string receipt)
    {
        await SendAsync(minutesAgo, to, text);
        var sent = await _gateway.Sent.WaitAsync(one => one.Text == text, Ct);
        await _number.ReportAsync(sent, receipt);
    }

    private async Task SaysIntoTheVoidAsync(int minutesAgo, Person to, string text)
    {
        _gateway.Script.Next(Reply.Dropped);
        await SendAsync(minutesAgo, to, text);
        await _gateway.WaitForSendAsync(request => request.Text == text, Ct);
    }

    private async Task SendAsync(int minutesAgo, Person to, string text)
    {
        _clock.Ago = TimeSpan.FromMinutes(minutesAgo);
        var page = await _server.Client.ConversationsAsync(Ct);
        var conversation = page.Items.Single(one => one.Contact?.Phone == $"+{to.Phone}");
        await _server.Client.SendAsync(conversation.Id, text, text, Ct);
    }

    /// <summary>Where it is ten now: the pictures look the same whenever they are made.</summary>
    private static string MidMorning()
    {
        var ahead = (10 - TimeProvider.System.GetUtcNow().Hour + 36) % 24 - 12;
        // In these names the sign is the other way round.
        return string.Create(CultureInfo.InvariantCulture, $"Etc/GMT{-ahead:+0;-0;+0}");
    }
}
