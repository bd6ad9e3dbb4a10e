using FlowChat.Messages;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;
using Message = FlowChat.Testing.Api.Message;

namespace FlowChat.Tests.Messages;

/// <summary>A minute after a send's outcome became unknown its gateway is asked once what it has of it.</summary>
public sealed class DoubtSearchTests(SendingFlowChat flowChat) : IClassFixture<SendingFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_it_finds_settles_the_send_and_nothing_is_sent_again()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var message = await LoseReplyAsync(number, "Olá");
        var id = number.Gateway.Sent.All.Single().Id;
        number.Fake.Kept.Add(Kept(number, "Olá", id));

        await SearchAsync();
        Assert.Equal(0, Searches(number));
        await number.EndHoldAsync(message);
        await SearchAsync();
        await SearchAsync();

        Assert.Equal(id, (await number.WaitAsync(message, "sent", Ct)).WaId);
        Assert.Equal(1, Searches(number));
        Assert.Single(number.Sends);
        Assert.Single(await number.ThreadAsync(message.ConversationId, Ct));
    }

    [Fact]
    public async Task Two_candidates_leave_it_open()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var message = await LoseReplyAsync(number, "Olá");
        number.Fake.Kept.Add(Kept(number, "Olá", number.Gateway.Sent.All.Single().Id));
        number.Fake.Kept.Add(Kept(number, "Olá", WhatsAppId.New()));

        await number.EndHoldAsync(message);
        await SearchAsync();

        Assert.Equal(1, Searches(number));
        Assert.Equal("unknown", (await number.ReadAsync(message, Ct)).Status);
        Assert.Single(number.Sends);
    }

    [Fact]
    public async Task What_belongs_to_another_message_or_was_typed_on_a_phone_does_not_settle_it()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var conversation = await number.StartAsync(Ct);
        var earlier = await number.WaitAsync(
            await number.SendAsync(conversation, "Olá", Ct),
            "sent",
            Ct
        );
        var message = await LoseReplyAsync(number, "Olá");
        number.Fake.Kept.Add(Kept(number, "Olá", earlier.WaId!));
        number.Fake.Kept.Add(Kept(number, "Olá", "3A0F2C51D2A9B7E4C6D9"));

        await number.EndHoldAsync(message);
        await SearchAsync();

        Assert.Equal(1, Searches(number));
        Assert.Equal("unknown", (await number.ReadAsync(message, Ct)).Status);
    }

    [Fact]
    public async Task A_gateway_that_refuses_is_asked_again_two_minutes_later()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var message = await LoseReplyAsync(number, "Olá");
        var id = number.Gateway.Sent.All.Single().Id;
        number.Fake.Kept.Add(Kept(number, "Olá", id));
        number.Gateway.Script.Next(IsSearch, Reply.Dropped);

        await number.EndHoldAsync(message);
        await SearchAsync();
        await SearchAsync();
        Assert.Equal(1, Searches(number));
        await number.ExecuteAsync(
            "update instances set search_claimed_at = search_claimed_at - interval '2 minutes' where id = @Id",
            new { number.Instance.Id }
        );
        await SearchAsync();

        Assert.Equal(id, (await number.WaitAsync(message, "sent", Ct)).WaId);
    }

    [Fact]
    public async Task After_an_hour_it_is_no_longer_asked_for()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var message = await LoseReplyAsync(number, "Olá");
        await number.ExecuteAsync(
            "update messages set unknown_at = unknown_at - interval '61 minutes' where id = @Id",
            new { message.Id }
        );

        await SearchAsync();

        Assert.Equal(0, Searches(number));
    }

    private static bool IsSearch(RecordedRequest request) =>
        request.Path.StartsWith("/chat/findMessages", StringComparison.Ordinal);

    private static int Searches(TestNumber number) => number.Gateway.Requests.All.Count(IsSearch);

    private Task SearchAsync() => flowChat.Server.Get<DoubtSearch>().RunOnceAsync(Ct);

    private static async Task<Message> LoseReplyAsync(TestNumber number, string text)
    {
        // No other search is due.
        await number.ExecuteAsync(
            "update instances set filled_at = now() + interval '1 minute' where id = @Id",
            new { number.Instance.Id }
        );
        number.Gateway.Echo = new EchoPlan { Copies = 0 };
        return await number.LoseReplyAsync(await number.StartAsync(Ct), text, Ct);
    }

    private static TextMessage Kept(TestNumber number, string text, string id) =>
        new(number.Fake.Number, Person.Number(1), text)
        {
            FromMe = true,
            SentAt = number.Now,
            Id = id,
        };
}
