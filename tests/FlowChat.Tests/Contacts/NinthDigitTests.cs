using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Contacts;

/// <summary>A Brazilian mobile is one contact, whether somebody names its ninth digit or not.</summary>
public sealed class NinthDigitTests(SendingFlowChat flowChat) : IClassFixture<SendingFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private FlowChatClient Client => flowChat.Server.Client;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Messages_under_both_numbers_are_one_thread(bool withNineFirst)
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var (nine, eight) = NewLine();
        var (first, second) = withNineFirst ? (nine, eight) : (eight, nine);

        await number.Fake.ReceiveAsync(first, "1");
        await number.Fake.ReceiveAsync(second, "2");

        var conversation = Assert.Single((await ListAsync(number)).Items);
        Assert.Equal("+" + first.Phone, conversation.Contact!.Phone);
        Assert.Equal(
            ["1", "2"],
            (await number.ThreadAsync(conversation.Id, Ct)).Select(message => message.Text)
        );
    }

    [Fact]
    public async Task Fifty_messages_at_once_under_both_numbers_make_one_contact()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var (nine, eight) = NewLine();

        await Task.WhenAll(
            Enumerable
                .Range(0, 50)
                .Select(n => number.Fake.ReceiveAsync(n % 2 == 0 ? nine : eight, $"{n}"))
        );

        Assert.Equal(50, Assert.Single((await ListAsync(number)).Items).UnreadCount);
    }

    [Fact]
    public async Task Contacts_that_were_two_become_one()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var (nine, eight) = NewLine();
        await number.Fake.ReceiveAsync(nine, "1");
        // As they were before lines were kept.
        await number.ExecuteAsync("delete from contact_identities where kind = 'line'");
        await number.Fake.ReceiveAsync(eight, "2");
        Assert.Equal(2, (await ListAsync(number)).Items.Count);

        await number.Fake.ReceiveAsync(nine, "3");

        var conversation = Assert.Single((await ListAsync(number)).Items);
        Assert.Equal(
            ["1", "2", "3"],
            (await number.ThreadAsync(conversation.Id, Ct)).Select(message => message.Text)
        );
        var contact = await Client.GetAsync<ContactDetails>(
            $"/api/contacts/{conversation.Contact!.Id}",
            Ct
        );
        Assert.Equal(["+" + nine.Phone, "+" + eight.Phone], contact.Phones);
        Assert.All(contact.Identities, identity => Assert.Equal("phone", identity.Kind));
    }

    [Theory]
    [InlineData("{0}", true)]
    [InlineData("{0}", false)]
    [InlineData("{1}", true)]
    [InlineData("{1}", false)]
    public async Task The_search_finds_them_by_both_numbers(string typed, bool knownWithNine)
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var (nine, eight) = NewLine();
        await number.Fake.ReceiveAsync(knownWithNine ? nine : eight, "Oi");

        var text = typed switch
        {
            // As people write them.
            "{0}" => $"({nine.Phone[2..4]}) {nine.Phone[4..9]}-{nine.Phone[9..]}",
            _ => eight.Phone,
        };
        var found = await Client.ConversationsAsync(Ct, $"?q={Uri.EscapeDataString(text)}");

        Assert.Single(found.Items);
    }

    [Fact]
    public async Task A_conversation_is_started_with_the_number_that_WhatsApp_has()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        await number.WaitForStateAsync("open", Ct);
        var (nine, eight) = NewLine();
        number.Gateway.Numbers[nine.Phone] = eight.PhoneJid;

        var started = await StartAsync(number, nine.Phone);
        await number.SendAsync(started, "Olá", Ct);
        var sent = await number.Gateway.WaitForSendAsync(_ => true, Ct);
        await number.Fake.ReceiveAsync(eight, "Oi");

        Assert.Equal("+" + eight.Phone, started.Contact!.Phone);
        Assert.Equal(eight.PhoneJid, sent.Number);
        Assert.Equal(started.Id, Assert.Single((await ListAsync(number)).Items).Id);
        // Whoever is known isn't asked for again.
        Assert.Equal(started.Id, (await StartAsync(number, nine.Phone)).Id);
        Assert.Equal(
            1,
            number.Gateway.Requests.All.Count(request =>
                request.Path.StartsWith("/chat/whatsappNumbers/", StringComparison.Ordinal)
            )
        );
    }

    [Fact]
    public async Task Nobodys_number_is_refused_while_it_is_typed()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        await number.WaitForStateAsync("open", Ct);
        var (nine, _) = NewLine();
        number.Gateway.Numbers[nine.Phone] = null;

        using var answer = await Client.Http.PostAsJsonAsync(
            "/api/conversations",
            new { instance_id = number.Instance.Id, phone = nine.Phone },
            Ct
        );

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonObject>(Ct);
        Assert.Equal("not_on_whatsapp", (string?)problem!["code"]);
        Assert.Equal(
            "Nobody on WhatsApp has this number.",
            (string?)problem["errors"]!["phone"]![0]
        );
        Assert.Empty((await ListAsync(number)).Items);
    }

    [Fact]
    public async Task A_gateway_that_is_away_stops_nobody()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        await number.WaitForStateAsync("open", Ct);
        await number.Gateway.StopListeningAsync();
        var (nine, _) = NewLine();

        var started = await StartAsync(number, nine.Phone);

        Assert.Equal("+" + nine.Phone, started.Contact!.Phone);
    }

    private static (Person Nine, Person Eight) NewLine()
    {
        var line = $"{Random.Shared.Next(11, 100)}{Random.Shared.Next(6, 10)}";
        var rest = $"{Random.Shared.Next(10_000_000):D7}";
        return (
            new($"55{line[..2]}9{line[2]}{rest}", "", "Rita Alves"),
            new($"55{line}{rest}", "", "Rita Alves")
        );
    }

    private Task<Page<Conversation>> ListAsync(TestNumber number) =>
        Client.ConversationsAsync(Ct, $"?instance_id={number.Instance.Id}");

    private Task<Conversation> StartAsync(TestNumber number, string phone) =>
        Client.PostAsync<Conversation>(
            "/api/conversations",
            new { InstanceId = number.Instance.Id, Phone = phone },
            Ct
        );
}
