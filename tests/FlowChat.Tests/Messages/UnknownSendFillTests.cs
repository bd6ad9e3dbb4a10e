using FlowChat.Instances;
using FlowChat.Messages;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Messages;

/// <summary>"May have been sent": what the search for lost webhooks finds of it.</summary>
public sealed class UnknownSendFillTests(SendingFlowChat flowChat) : IClassFixture<SendingFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_search_of_the_gateways_messages_finds_settles_it_like_an_echo()
    {
        await using var number = await flowChat.ConnectMuteAsync(Ct);
        var message = await number.LoseReplyAsync(await number.StartAsync(Ct), "Olá", Ct);
        var id = number.Gateway.Sent.All.Single().Id;
        number.Fake.Kept.Add(Kept(number, id));

        await SearchAsync();

        Assert.Equal(id, (await number.WaitAsync(message, "sent", Ct)).WaId);
        Assert.Single(await number.ThreadAsync(message.ConversationId, Ct));
    }

    [Fact]
    public async Task What_a_search_finds_of_two_of_the_same_text_is_not_shown_beside_them()
    {
        await using var number = await flowChat.ConnectMuteAsync(Ct);
        var conversation = await number.StartAsync(Ct);
        var first = await number.LoseReplyAsync(conversation, "Olá", Ct);
        await number.EndHoldAsync(first);
        var second = await number.LoseReplyAsync(conversation, "Olá", Ct);
        number.Fake.Kept.Add(Kept(number, "3EB0AMBIGUOUS"));

        await SearchAsync();
        await number.EndHoldAsync(second);
        await flowChat.Server.Get<StrandedSends>().ReleaseAsync(Ct);

        Assert.Equal(
            ["unknown", "unknown"],
            (await number.ThreadAsync(conversation.Id, Ct)).Select(shown => shown.Status)
        );
        await flowChat.DismissAsync(first, Ct);
        var sent = await number.WaitAsync(second, "sent", Ct);
        Assert.Equal("3EB0AMBIGUOUS", sent.WaId);
    }

    [Fact]
    public async Task What_a_search_finds_with_a_phones_id_was_typed_there()
    {
        await using var number = await flowChat.ConnectMuteAsync(Ct);
        var message = await number.LoseReplyAsync(await number.StartAsync(Ct), "Olá", Ct);
        number.Fake.Kept.Add(Kept(number, "3A0F2C51D2A9B7E4C6D8"));

        await SearchAsync();
        await number.EndHoldAsync(message);
        await flowChat.Server.Get<StrandedSends>().ReleaseAsync(Ct);

        Assert.Equal(
            [("unknown", "user"), ("sent", "phone")],
            (await number.ThreadAsync(message.ConversationId, Ct)).Select(shown =>
                (shown.Status, shown.Sender!.Kind)
            )
        );
    }

    private Task SearchAsync() => flowChat.Server.Get<HistoryFill>().RunOnceAsync(Ct);

    private static TextMessage Kept(TestNumber number, string id) =>
        new(number.Fake.Number, Person.Number(1), "Olá")
        {
            FromMe = true,
            SentAt = number.Now,
            Id = id,
        };
}
