using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlowChat.Chaos.Audit;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Chaos.Traffic;

/// <summary>People write. Their gateway posts each message until it is taken, up to ten times.</summary>
internal sealed class InboundTraffic(ChaosTraffic traffic, FakeEvolution gateway)
{
    private const int EachMedia = 12;

    private readonly ConcurrentDictionary<string, Attempt> byId = new();

    /// <summary>Told of each message before it is posted.</summary>
    public Action<string> Announce { get; set; } = _ => { };

    public void JudgeAll() => gateway.Webhooks.Tried = JudgeTry;

    /// <summary>Writes until <paramref name="over"/>, and then waits for its last message.</summary>
    public async Task RunAsync(Line line, Talk talk, Random random, CancellationToken over)
    {
        var deliveries = new List<Task>();
        var sentAt = DateTimeOffset.UnixEpoch;
        for (var n = 0; !over.IsCancellationRequested; n++)
        {
            // WhatsApp's time has whole seconds, and what it dates alike stands in the order of arrival.
            var now = traffic.Time.GetUtcNow();
            sentAt = now > sentAt.AddSeconds(1) ? now : sentAt.AddSeconds(1);
            deliveries.Add(DeliverAsync(line, talk, n, sentAt));
            await traffic.PauseAsync(random, 1.1, 2.6, over);
        }
        await Task.WhenAll(deliveries);
    }

    private async Task DeliverAsync(Line line, Talk talk, int n, DateTimeOffset sentAt)
    {
        var text = $"in {line.Fake.Name} {talk.Person.Phone} {n}";
        var file = n % EachMedia == EachMedia - 1 ? TestFiles.Picture(text) : null;
        var message = new TextMessage(line.Fake.Number, talk.Person, text)
        {
            SentAt = sentAt,
            Message = file is null ? null : MessageKinds.Image(text),
        };
        if (file is not null)
            gateway.Media[message.Id] = new FakeMedium("image/jpeg", file);
        var attempt = new Attempt(
            Way.In,
            talk.Id,
            n,
            text,
            file is null ? null : TestFiles.HashOf(file)
        );
        byId[message.Id] = attempt;
        traffic.Attempts.Add(attempt);
        Announce(text);
        await line.Fake.PostAsync(message.ToEnvelope());
    }

    /// <summary>Also of the echoes and receipts that follow a send.</summary>
    private void JudgeTry(WebhookTry attempt)
    {
        if (!traffic.Judge.Accepts("A webhook", attempt.Status, attempt.Answer))
            return;
        var counted = JsonDocument.Parse(attempt.Answer).RootElement;
        if (
            Count("ignored") + Count("quarantined") > 0
            || Count("accepted") + Count("duplicates") != 1
        )
            traffic.Judge.Condemn($"A webhook was taken as {attempt.Answer}");
        var key = JsonNode.Parse(attempt.Body)!["data"]?["key"]?["id"]?.GetValue<string>();
        if (key is not null && byId.TryGetValue(key, out var message))
            message.IsAcknowledged = true;

        int Count(string field) => counted.GetProperty(field).GetInt32();
    }
}
