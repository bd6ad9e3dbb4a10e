using System.Text.Json.Nodes;
using FlowChat.Testing.Browser;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;
using FlowChat.Testing.Samples;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FlowChat.Tests.EndToEnd;

/// <summary>One agent's window for all tests of a class: it stays open while messages come and go.</summary>
public sealed class OpenThread(SharedPostgres postgres) : IAsyncLifetime
{
    private AgentWindow? _agent;

    public static Person Ana { get; } = new("5511987654321", "1000", "Ana Souza");
    public static Person Rui { get; } = new("5511987650001", "1001", "Rui Prado");
    public static Person Lia { get; } = new("5511987650002", "1002", "Lia Fontes");
    public static Group Deliveries { get; } = new("120363025246125486@g.us", "Entregas");

    public Inbox Inbox { get; } = new(postgres);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => Inbox.InitializeAsync();

    /// <summary>The thread with this person is in view.</summary>
    internal Task<AgentWindow> ShowAsync(Person person) =>
        ShowAsync(person.Name, MessageOf(person, "Oi"));

    /// <summary>The thread of this group is in view.</summary>
    internal Task<AgentWindow> ShowAsync(Group group)
    {
        Inbox.Number.Groups[group.Jid] = group.Metadata(
            group.Subject,
            TimeProvider.System.GetUtcNow(),
            (Rui, "superadmin"),
            (Lia, null)
        );
        return ShowAsync(group.Subject, MessageOf(Rui, "Bom dia", group));
    }

    /// <summary>Posts it, and finds its bubble.</summary>
    internal async Task<ILocator> ReceiveAsync(TextMessage message)
    {
        await PostAsync(message);
        return await BubbleAsync(message.Id);
    }

    internal async Task PostAsync(TextMessage message) => await PostAsync(message.ToEnvelope());

    internal async Task PostAsync(JsonObject envelope) =>
        Assert.True((await Inbox.Number.PostAsync(envelope)).Accepted);

    /// <summary>Of a message in the thread that is in view.</summary>
    internal async Task<ILocator> BubbleAsync(string waId)
    {
        var conversation = Guid.Parse(new Uri(_agent!.Page.Url).Segments[^1]);
        var page = await Inbox.Client.MessagesAsync(conversation, Ct);
        var id = page.Items.Single(message => message.WaId == waId).Id;
        return _agent.Page.Locator($"[data-message-id='{id}']");
    }

    public TextMessage MessageOf(Person from, string text, Group? group = null) =>
        new(Inbox.Number.Number, from, text)
        {
            Group = group,
            SentAt = TimeProvider.System.GetUtcNow(),
        };

    /// <param name="from">Its sender.</param>
    /// <param name="message">See <see cref="MessageKinds"/>.</param>
    /// <param name="sample">The file of it that the gateway has.</param>
    public TextMessage MessageOf(Person from, JsonObject message, string? sample = null)
    {
        var medium = MessageOf(from, "") with { Message = message };
        if (sample is not null)
            Inbox.Gateway.Media[medium.Id] = new FakeMedium(
                "application/octet-stream",
                Sample.Read(sample)
            );
        return medium;
    }

    public async ValueTask DisposeAsync()
    {
        if (_agent is not null)
            await _agent.DisposeAsync();
        await Inbox.DisposeAsync();
    }

    private async Task<AgentWindow> ShowAsync(string name, TextMessage first)
    {
        _agent ??= await Inbox.SignInAsync();
        // However a test before this one ended, and whatever it left open.
        await _agent.ForgetLanguageAsync();
        await _agent.Page.SetViewportSizeAsync(Screen.Desktop.Width, Screen.Desktop.Height);
        await _agent.Page.GotoAsync("/");
        await Expect(_agent.SearchBox).ToBeVisibleAsync();
        if (await _agent.Row(name).CountAsync() == 0)
            await PostAsync(first);
        await _agent.OpenAsync(name);
        return _agent;
    }
}
