using FlowChat.Testing;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;
using FlowChat.Testing.Servers;

namespace FlowChat.Tests.EndToEnd;

/// <summary>kill -9 of FlowChat while a gateway posts: what was acknowledged is there, once.</summary>
public sealed class KillUnderLoadTests(SharedPostgres postgres, ITestOutputHelper output)
    : IAsyncDisposable
{
    private const string ApiKey = "fck_tests_0123456789abcdef";
    private const int Webhooks = 2_000;
    private const int Connections = 8;

    private static readonly int[] Kills = [300, 700, 1_100, 1_600];

    private readonly Dictionary<string, string> _settings = new(StringComparer.Ordinal)
    {
        // Open to the account that the server runs under when the tests run as root.
        ["FLOWCHAT_DATA"] = Directory
            .CreateDirectory($"/tmp/flowchat-test-{Path.GetRandomFileName()}")
            .FullName,
        ["FLOWCHAT_ADMIN_API_KEY"] = ApiKey,
        ["DATABASE_URL"] = "",
        ["FLOWCHAT_POSTGRES"] = Checkout.PostgresFolder(),
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory(Timeout = 120_000)]
    [InlineData(4)]
    [InlineData(200)]
    public async Task What_was_acknowledged_exists_once(int conversations)
    {
        _settings["DATABASE_URL"] = await postgres.CreateDatabaseAsync();

        await ProveAsync(conversations);
    }

    [Fact(Timeout = 120_000)]
    public async Task What_was_acknowledged_exists_once_with_the_embedded_PostgreSQL_too() =>
        await ProveAsync(conversations: 50);

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_settings["FLOWCHAT_DATA"], recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task ProveAsync(int conversations)
    {
        await using var flowChat = await FlowChatProcess.StartAsync(_settings, Ct);
        using var client = new FlowChatClient(flowChat.BaseUrl, ApiKey);
        var instance = await client.CreateEvolutionInstanceAsync(
            "Loja Centro",
            new Uri("http://127.0.0.1:9"),
            "key",
            "loja",
            Ct
        );
        var before = (await client.EventsAsync(0, Ct)).LastSeq;
        var load = new WebhookLoad(client, instance, TimeProvider.System);

        var posting = load.PostAllAsync(Messages(conversations), Connections, Ct);
        foreach (var acknowledged in Kills)
        {
            await load.Acknowledged.WaitAsync(acknowledged, _ => true, Ct);
            await flowChat.KillAsync(Ct);
            await flowChat.StartAgainAsync(Ct);
        }
        await posting;

        await AssertStoredOnceAsync(client, load, conversations);
        await AssertLoggedOnceAsync(client, load, before);
        Assert.Equal(0, await flowChat.StopAsync(Ct));
    }

    private static IEnumerable<TextMessage> Messages(int conversations)
    {
        var number = new EvolutionNumber("loja");
        return Enumerable
            .Range(0, Webhooks)
            .Select(n => new TextMessage(number, Person.Number(n % conversations), $"Message {n}")
            {
                SentAt = new DateTimeOffset(2026, 11, 20, 10, 0, 0, TimeSpan.Zero).AddSeconds(n),
            });
    }

    private async Task AssertStoredOnceAsync(
        FlowChatClient client,
        WebhookLoad load,
        int conversations
    )
    {
        var page = await client.ConversationsAsync(Ct, "?limit=200");
        var stored = new List<string>();
        foreach (var conversation in page.Items)
        {
            var messages = await ReadAllAsync(client, conversation.Id);
            Assert.Equal(messages.Count, conversation.UnreadCount);
            Assert.Equal(
                messages.MaxBy(message => (message.SentAt, message.Arrival))!.Id,
                conversation.LastMessage!.Id
            );
            Assert.Equal(
                Enumerable.Range(1, messages.Count).Select(arrival => (long)arrival),
                messages.Select(message => message.Arrival).Order()
            );
            stored.AddRange(messages.Select(message => message.WaId!));
        }
        var acknowledged = load.Acknowledged.All;
        var lost = acknowledged.Except(stored, StringComparer.Ordinal).Count();
        var duplicated = stored.Count - stored.Distinct(StringComparer.Ordinal).Count();
        output.WriteLine(
            $"attempted {load.Attempts}, acknowledged {acknowledged.Count}, stored {stored.Count}, lost {lost}, duplicated {duplicated}, killed {Kills.Length} times"
        );
        Assert.Equal(
            (Webhooks, Webhooks, 0, 0),
            (acknowledged.Count, stored.Count, lost, duplicated)
        );
        Assert.Equal(conversations, page.Items.Count);
        // Each kill cut off requests that were under way: otherwise nothing was proven.
        Assert.InRange(load.Attempts, Webhooks + Kills.Length, int.MaxValue);
    }

    private static async Task AssertLoggedOnceAsync(
        FlowChatClient client,
        WebhookLoad load,
        long before
    )
    {
        var events = new List<LiveEvent>();
        for (var after = before; ; after = events[^1].Seq)
        {
            var page = await client.EventsAsync(after, Ct);
            events.AddRange(page.Items);
            if (page.Items.Count == 0 || page.Items[^1].Seq == page.LastSeq)
                break;
        }
        var first = events[0].Seq;
        Assert.Equal(before + 1, first);
        Assert.Equal(
            Enumerable.Range(0, events.Count).Select(n => first + n),
            events.Select(e => e.Seq)
        );
        Assert.Equal(
            load.Acknowledged.All.Order(StringComparer.Ordinal),
            events
                .Where(e => e.Type == "message.created")
                .Select(e => e.Data["message"]!["wa_id"]!.GetValue<string>())
                .Order(StringComparer.Ordinal)
        );
    }

    private static async Task<List<Message>> ReadAllAsync(FlowChatClient client, Guid conversation)
    {
        var messages = new List<Message>();
        for (var query = "?limit=200"; ; )
        {
            var page = await client.MessagesAsync(conversation, Ct, query);
            messages.AddRange(page.Items);
            if (page.NextCursor is not { } older)
                break;
            query = $"?limit=200&before={Uri.EscapeDataString(older)}";
        }
        return messages;
    }
}
