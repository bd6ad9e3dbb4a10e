using System.Text.Json.Nodes;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution.Payloads;
using FlowChat.Tests.Inbound;
using Group = FlowChat.Testing.Evolution.Payloads.Group;

namespace FlowChat.Tests.Live;

/// <summary>Who looks at the inbox sees that a contact types. It is no part of the log, and nothing of it is kept.</summary>
public sealed class ContactTypingTests(InboundFlowChat flowChat) : IClassFixture<InboundFlowChat>
{
    private static readonly WebhookAnswer Passed = new(0, 0, 1, 0);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private FlowChatClient Client => flowChat.Server.Client;

    [Fact(Timeout = 60_000)]
    public async Task A_contact_who_types_records_and_pauses_is_shown_and_not_kept()
    {
        var (line, ana) = (await flowChat.ConnectAsync(Ct), flowChat.NewPerson());
        await line.PostAsync(line.From(ana, "Oi"), Ct);
        var conversation = await line.ConversationAsync(Ct);
        await using var reader = await Reader.OpenAsync(line, Client);
        var start = reader.Seq;

        foreach (
            var (presence, state) in new[]
            {
                ("composing", "typing"),
                ("recording", "recording"),
                ("paused", "ended"),
                ("composing", "typing"),
                ("unavailable", "ended"),
            }
        )
        {
            Assert.Equal(Passed, await PostAsync(line, ana.PhoneJid, ana.PhoneJid, presence));
            var shown = await reader.NextAsync();
            Assert.Equal(
                (conversation.Id, ana.Name, state, reader.Seq),
                (ConversationOf(shown), NameOf(shown), StateOf(shown), shown.Seq)
            );
        }

        Assert.DoesNotContain(
            (await Client.EventsAsync(start, Ct)).Items,
            live => live.Type == "contact.typing"
        );
    }

    [Fact(Timeout = 60_000)]
    public async Task In_a_group_it_says_who()
    {
        var (line, bruno) = (await flowChat.ConnectAsync(Ct), flowChat.NewPerson());
        var group = new Group("120363025246125777@g.us", "Entregas");
        await line.PostAsync(line.From(bruno, "Oi") with { Group = group }, Ct);
        var conversation = await line.ConversationAsync(Ct);
        await using var reader = await Reader.OpenAsync(line, Client);

        await PostAsync(line, group.Jid, bruno.PhoneJid, "recording");

        var shown = await reader.NextAsync();
        Assert.Equal(
            (conversation.Id, bruno.Name, "recording"),
            (ConversationOf(shown), NameOf(shown), StateOf(shown))
        );
    }

    [Fact(Timeout = 60_000)]
    public async Task A_person_is_known_by_either_address_and_whoever_is_not_is_not_shown()
    {
        var (line, ana) = (await flowChat.ConnectAsync(Ct), flowChat.NewPerson());
        var both = new MessageForm { Address = AddressForm.PhoneWithLidAlt };
        await line.PostAsync(line.From(ana, "Oi", both), Ct);
        var stranger = flowChat.NewPerson();
        await using var reader = await Reader.OpenAsync(line, Client);

        // Of somebody who never wrote, in a group that isn't here, of this number itself, in no chat at all.
        await PostAsync(line, stranger.PhoneJid, stranger.PhoneJid, "composing");
        await PostAsync(line, "120363025246120000@g.us", ana.PhoneJid, "composing");
        await PostAsync(line, ana.PhoneJid, line.Number.Owner.PhoneJid, "composing");
        await PostAsync(line, "status@broadcast", ana.PhoneJid, "composing");
        await PostAsync(line, ana.LidJid, ana.LidJid, "composing");
        await PostAsync(line, ana.LidJid, ana.PhoneJid, "recording");

        Assert.Equal("typing", StateOf(await reader.NextAsync()));
        Assert.Equal("recording", StateOf(await reader.NextAsync()));
    }

    [Theory]
    [InlineData("""{"presences":{}}""", "id")]
    [InlineData("""{"id":"nobody","presences":{}}""", "id")]
    [InlineData("""{"id":"5511987654321@s.whatsapp.net"}""", "presences")]
    public async Task A_broken_one_is_kept_aside(string data, string reason)
    {
        var line = await flowChat.ConnectAsync(Ct);
        var envelope = line.Number.Envelope("presence.update", JsonNode.Parse(data)!, Now);

        Assert.Equal(new(0, 0, 0, 1), await line.PostAsync(envelope, Ct));

        Assert.Contains(reason, await line.QuarantinedForAsync(Ct), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task It_is_shown_on_every_node()
    {
        await using var other = await FlowChatServer.StartAsync(
            flowChat.ConnectionString,
            workers: false
        );
        var (line, ana) = (await flowChat.ConnectAsync(Ct), flowChat.NewPerson());
        await line.PostAsync(line.From(ana, "Oi"), Ct);
        await using var reader = await Reader.OpenAsync(line, other.Client);

        await PostAsync(line, ana.PhoneJid, ana.PhoneJid, "composing");

        Assert.Equal("typing", StateOf(await reader.NextAsync()));
    }

    private static Task<WebhookAnswer> PostAsync(
        WebhookLine line,
        string chat,
        string person,
        string presence
    ) => line.PostAsync(line.Number.PresenceUpdate(chat, person, presence, Now), Ct);

    private static Guid ConversationOf(LiveEvent shown) => (Guid)shown.Data["conversation_id"]!;

    private static string? NameOf(LiveEvent shown) => (string?)shown.Data["contact"]!["name"];

    private static string? StateOf(LiveEvent shown) => (string?)shown.Data["state"];

    /// <summary>A live stream that is surely being read: what passes by is for nobody who comes later.</summary>
    private sealed class Reader(IAsyncEnumerator<LiveEvent> events, long seq) : IAsyncDisposable
    {
        /// <summary>The last event of the log that was read.</summary>
        public long Seq { get; private set; } = seq;

        public static async Task<Reader> OpenAsync(WebhookLine line, FlowChatClient client)
        {
            var start = (await client.EventsAsync(long.MaxValue, Ct)).LastSeq;
            var events = client.LiveAsync(start, Ct).GetAsyncEnumerator(Ct);
            var waiting = events.MoveNextAsync().AsTask();
            var hello = line.From(Person.Ana, "Olá");
            await line.PostAsync(hello, Ct);
            while (await waiting && events.Current.Message?.WaId != hello.Id)
            {
                waiting = events.MoveNextAsync().AsTask();
            }
            return new(events, events.Current.Seq);
        }

        public async Task<LiveEvent> NextAsync()
        {
            while (true)
            {
                Assert.True(await events.MoveNextAsync());
                if (events.Current.Type == "contact.typing")
                {
                    return events.Current;
                }
                Seq = events.Current.Seq;
            }
        }

        public ValueTask DisposeAsync() => events.DisposeAsync();
    }
}
