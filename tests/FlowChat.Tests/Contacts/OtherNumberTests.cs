using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution.Payloads;
using Group = FlowChat.Testing.Evolution.Payloads.Group;

namespace FlowChat.Tests.Contacts;

/// <summary>Somebody who has another number now is answered there.</summary>
public sealed class OtherNumberTests(SendingFlowChat flowChat) : IClassFixture<SendingFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replies_go_to_the_number_that_they_wrote_from_last()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        await number.WaitForStateAsync("open", Ct);
        var ana = new SplitPerson(flowChat.Server, number);
        await ana.MeetAsync("from the old one", 1);
        await ana.MeetAsync("again", 10);

        await MoveAsync(number, ana, "from the new one", 20);

        var moved = await ana.ConversationAsync(Ct);
        Assert.Equal("+" + NewOf(ana).Phone, moved.Contact!.Phone);
        await number.WaitAsync(
            live =>
                live.Type == "contact.updated"
                && (string?)live.Data["contact"]!["phone"] == moved.Contact.Phone
                && (long)live.Data["contact"]!["version"]! == moved.Contact.Version,
            Ct
        );
        await number.SendAsync(moved, "Olá", Ct);
        var sent = await number.Gateway.WaitForSendAsync(_ => true, Ct);
        Assert.Equal(NewOf(ana).PhoneJid, sent.Number);
        var contact = await flowChat.Server.Client.GetAsync<ContactDetails>(
            $"/api/contacts/{moved.Contact.Id}",
            Ct
        );
        Assert.Equal(["+" + NewOf(ana).Phone, "+" + ana.Person.Phone], contact.Phones);
        // And back.
        await ana.MeetAsync("from the old one again", 30);
        Assert.Equal("+" + ana.Person.Phone, (await ana.ConversationAsync(Ct)).Contact!.Phone);
    }

    [Theory]
    [InlineData(1, 3, 2)]
    [InlineData(3, 1, 2)]
    public async Task An_older_message_that_comes_late_changes_nothing(
        int first,
        int second,
        int late
    )
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var ana = new SplitPerson(flowChat.Server, number);
        await ana.MeetAsync("1", first);
        await ana.MeetAsync("2", second);

        await MoveAsync(number, ana, "late", late);

        Assert.Equal("+" + ana.Person.Phone, (await ana.ConversationAsync(Ct)).Contact!.Phone);
    }

    [Fact]
    public async Task What_was_written_in_a_group_tells_it_too()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var ana = new SplitPerson(flowChat.Server, number);
        await ana.MeetAsync("direct", 1);

        await MoveAsync(number, ana, "in the group", 2, Group.Suppliers);

        Assert.Equal("+" + NewOf(ana).Phone, (await ana.ConversationsAsync(Ct))[0].Contact!.Phone);
    }

    [Fact]
    public async Task What_the_number_itself_wrote_tells_nothing()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var ana = new SplitPerson(flowChat.Server, number);
        await ana.MeetAsync("1", 1);

        await number.Fake.PostAsync(
            (
                ana.Message("typed", AddressForm.LidWithPhoneAlt, 2, typed: true) with
                {
                    Contact = NewOf(ana),
                }
            ).ToEnvelope()
        );

        Assert.Equal("+" + ana.Person.Phone, (await ana.ConversationAsync(Ct)).Contact!.Phone);
    }

    private static Person NewOf(SplitPerson ana) =>
        ana.Person with
        {
            Phone = "5521" + ana.Person.Phone[4..],
        };

    private static async Task MoveAsync(
        TestNumber number,
        SplitPerson ana,
        string text,
        int second,
        Group? group = null
    ) =>
        await number.Fake.PostAsync(
            (
                ana.Message(text, AddressForm.LidWithPhoneAlt, second, group: group) with
                {
                    Contact = NewOf(ana),
                }
            ).ToEnvelope()
        );
}
