using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Testing.Evolution;

/// <summary>A WhatsApp number of the fake: its connection, its token and where its webhooks go.</summary>
public sealed class FakeInstance
{
    private readonly FakeEvolution fake;

    internal FakeInstance(FakeEvolution fake, string name, string? token)
    {
        this.fake = fake;
        Name = name;
        Token = token ?? Guid.CreateVersion7().ToString("D").ToUpperInvariant();
        Pairing = new FakePairing(fake, this);
        Number = new EvolutionNumber(name) { ServerUrl = fake.BaseUrl.ToString() };
    }

    public string Name { get; }

    public EvolutionNumber Number { get; init; }

    /// <summary>Opens the routes of this instance only.</summary>
    public string Token { get; }

    /// <summary>open, connecting or close. Sends outside open are answered "Connection Closed".</summary>
    public string State { get; internal set; } = "close";

    public WebhookTarget? Webhook { get; set; }

    internal FakePairing Pairing { get; }

    /// <summary>The phone that codes are told for; null = they are scanned.</summary>
    public string? PairedPhone => Pairing.Phone;

    /// <summary>The groups that it is in, by JID.</summary>
    public ConcurrentDictionary<string, JsonObject> Groups { get; } = new(StringComparer.Ordinal);

    /// <summary>Messages that its database has, whether or not a webhook told them.</summary>
    public SignalledLog<TextMessage> Kept { get; } = new();

    /// <summary>The statuses that its database has of a message, by the message's id.</summary>
    public ConcurrentDictionary<string, IReadOnlyList<string>> Statuses { get; } =
        new(StringComparer.Ordinal);

    /// <summary>Posts an envelope to the instance's webhook, as Evolution does: with retries.</summary>
    public Task<WebhookDelivery> PostAsync(JsonObject envelope) =>
        Webhook is { } target
            ? fake.Webhooks.SendAsync(target, envelope)
            : throw new InvalidOperationException($"No webhook is set for {Name}.");

    /// <summary>A message from a contact.</summary>
    public Task<WebhookDelivery> ReceiveAsync(Person from, string text, string? id = null) =>
        PostAsync(
            new TextMessage(Number, from, text)
            {
                Id = id ?? WhatsAppId.New(),
                SentAt = fake.Time.GetUtcNow(),
            }.ToEnvelope()
        );

    /// <summary>A receipt of WhatsApp for something sent before.</summary>
    public Task<WebhookDelivery> ReportAsync(SentMessage sent, string status) =>
        PostAsync(
            new StatusUpdate(Number, sent.Id, status)
            {
                RemoteJid = sent.RemoteJid,
                At = fake.Time.GetUtcNow(),
            }.ToEnvelope()
        );

    /// <summary>Changes the connection and says so by webhook, when one is set.</summary>
    public Task ChangeStateAsync(string state, int statusReason = 200)
    {
        State = state;
        return ReportStateAsync(statusReason);
    }

    internal async Task ReportStateAsync(int statusReason)
    {
        if (Webhook is not null)
            await PostAsync(Number.ConnectionUpdate(State, statusReason, fake.Time.GetUtcNow()));
    }
}
