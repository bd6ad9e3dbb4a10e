using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution.Payloads;
using static FlowChat.Tests.Groups.GroupTalk;

namespace FlowChat.Tests.Groups;

/// <summary>Who goes alone has left, under whichever addresses the gateway tells of them.</summary>
public sealed class SelfRemovalTests(SendingFlowChat flowChat) : IClassFixture<SendingFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task The_same_person_left_whenever_both_addresses_are_known_for_one(
        bool authorByLid,
        bool knownBefore
    )
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var (group, ana, bruno) = (NewGroup(), NewPerson(), NewPerson());
        await SpeakAsync(number, group, ana);
        if (knownBefore)
        {
            await MeetAsync();
        }
        var update = number.Fake.Number.ParticipantsUpdate(group, "remove", bruno, bruno, Now);
        update["data"]!["author"] = authorByLid ? bruno.LidJid : bruno.PhoneJid;
        update["data"]!["participants"]![0] = authorByLid ? bruno.PhoneJid : bruno.LidJid;
        await number.Fake.PostAsync(update);
        var conversation = await flowChat.ConversationOfAsync(number, group);
        if (!knownBefore)
        {
            Assert.Equal("removed", (string?)(await LineAsync()).Content!["event"]);
            await MeetAsync();
        }

        var line = await LineAsync();

        Assert.Equal("left", (string?)line.Content!["event"]);
        Assert.Null(line.Content["actor"]);
        Assert.Single(line.Content["members"]!.AsArray());

        async Task<Message> LineAsync() =>
            Assert.Single(
                await number.ThreadAsync(conversation, Ct),
                message => message.Type == "system"
            );

        Task MeetAsync() =>
            number.Fake.PostAsync(
                new TextMessage(number.Fake.Number, bruno, "Oi")
                {
                    SentAt = Now,
                    Form = new() { Address = AddressForm.PhoneWithLidAlt },
                }.ToEnvelope()
            );
    }

    [Fact]
    public async Task Somebody_else_removed_them_also_when_two_turn_out_to_be_one()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var (group, ana, bruno) = (NewGroup(), NewPerson(), NewPerson());
        await SpeakAsync(number, group, ana);
        await number.Fake.PostAsync(
            number.Fake.Number.ParticipantsUpdate(group, "remove", ana, bruno, Now)
        );
        var conversation = await flowChat.ConversationOfAsync(number, group);

        foreach (var person in (Person[])[ana, bruno])
        {
            await number.Fake.PostAsync(
                new TextMessage(number.Fake.Number, person, "Oi")
                {
                    SentAt = Now,
                    Form = new() { Address = AddressForm.PhoneWithLidAlt },
                }.ToEnvelope()
            );
        }

        var line = Assert.Single(
            await number.ThreadAsync(conversation, Ct),
            message => message.Type == "system"
        );
        Assert.Equal("removed", (string?)line.Content!["event"]);
        Assert.NotNull(line.Content["actor"]);
    }
}
