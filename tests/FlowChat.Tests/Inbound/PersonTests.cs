using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Inbound;

public sealed class PersonTests(InboundFlowChat flowChat) : IClassFixture<InboundFlowChat>
{
    // What names both the phone and the LID.
    private static readonly AddressForm[] Both =
    [
        AddressForm.PhoneWithLidAlt,
        AddressForm.LidWithPhoneAlt,
        AddressForm.LidWithSenderPn,
    ];

    private static readonly AddressForm[] PhoneOnly =
    [
        AddressForm.Phone,
        AddressForm.PhoneWithEmptyParticipant,
        AddressForm.PhoneRewrittenFromLid,
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>All orders: where what names both is last, two contacts are there already.</summary>
    public static IEnumerable<TheoryDataRow<AddressForm, AddressForm, AddressForm>> Orders =>
        from both in Both
        from phone in PhoneOnly
        from order in ((AddressForm[])[both, phone, AddressForm.LidOnly]).Permutations()
        select new TheoryDataRow<AddressForm, AddressForm, AddressForm>(
            order[0],
            order[1],
            order[2]
        );

    [Fact]
    public async Task A_name_longer_than_a_list_shows_is_cut_between_its_signs()
    {
        var line = await flowChat.ConnectAsync(Ct);
        var family = "👨‍👩‍👧‍👦";
        var person = flowChat.NewPerson() with
        {
            Name = new string('a', 250) + family + "and more",
        };

        await line.PostAsync(line.From(person, "Oi"), Ct);

        var conversation = await line.ConversationAsync(Ct);
        Assert.Equal(new string('a', 250), conversation.Contact!.Name);
        Assert.Equal(
            new string('a', 250),
            Assert.Single(await line.ThreadAsync(conversation, Ct)).Sender!.Name
        );
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task Phone_and_LID_of_one_person_are_one_contact(
        AddressForm first,
        AddressForm second,
        AddressForm third
    )
    {
        var line = await flowChat.ConnectAsync(Ct);
        var person = flowChat.NewPerson();

        foreach (var address in (AddressForm[])[first, second, third])
        {
            var answer = await line.PostAsync(
                line.From(person, $"{address}", new() { Address = address }),
                Ct
            );
            Assert.Equal(new(1, 0, 0, 0), answer);
        }

        var conversation = await line.ConversationAsync(Ct);
        Assert.Equal("+" + person.Phone, conversation.Contact!.Phone);
        Assert.Equal(3, conversation.UnreadCount);
        Assert.Equal(3, (await line.ThreadAsync(conversation, Ct)).Count);
    }

    [Fact]
    public async Task A_members_two_addresses_are_one_sender_also_of_a_direct_chat()
    {
        var line = await flowChat.ConnectAsync(Ct);
        var person = flowChat.NewPerson();
        var group = new Group($"12036399{person.Phone}@g.us", "Vizinhos");

        foreach (var address in Both.Append(AddressForm.LidOnly).Concat(PhoneOnly))
        {
            var form = new MessageForm { Address = address };
            await line.PostAsync(
                line.From(person, "in the group", form) with
                {
                    Group = group,
                },
                Ct
            );
            await line.PostAsync(line.From(person, "direct", form), Ct);
        }

        var conversations = await line.ConversationsAsync(Ct);
        Assert.Equal(["direct", "group"], conversations.Select(c => c.Kind).Order());
        var direct = conversations.Single(c => c.Kind == "direct");
        var members = (await line.ThreadAsync(conversations.Single(c => c.Kind == "group"), Ct))
            .Select(message => message.Sender!.Id)
            .Distinct();
        Assert.Equal([direct.Contact!.Id], members);
    }

    [Theory]
    [InlineData(":12@s.whatsapp.net")]
    [InlineData("_1@s.whatsapp.net")]
    [InlineData("@c.us")]
    [InlineData("@S.WhatsApp.net")]
    public async Task A_persons_devices_and_the_old_server_are_the_same_person(string suffix)
    {
        var line = await flowChat.ConnectAsync(Ct);
        var person = flowChat.NewPerson();
        var spelled = line.From(person, "other device").ToEnvelope();
        spelled["data"]!["key"]!["remoteJid"] = person.Phone + suffix;

        await line.PostAsync(line.From(person, "phone"), Ct);
        await line.PostAsync(spelled, Ct);

        Assert.Equal(["phone", "other device"], (await line.ThreadAsync(Ct)).Select(m => m.Text));
    }

    [Fact]
    public async Task First_messages_that_come_together_make_one_contact_and_one_conversation()
    {
        var line = await flowChat.ConnectAsync(Ct);
        var person = flowChat.NewPerson();
        // The first alone would be committed before the others queue up: each has a batch to share.
        var messages = Enumerable
            .Range(0, 40)
            .Select(i => line.From(person, $"{i}", new() { Address = Both[i % Both.Length] }))
            .ToList();

        var answers = await Task.WhenAll(messages.Select(message => line.PostAsync(message, Ct)));

        Assert.All(answers, answer => Assert.Equal(new(1, 0, 0, 0), answer));
        Assert.Equal(40, (await line.ConversationAsync(Ct)).UnreadCount);
        Assert.Equal(
            messages.Select(m => m.Text).Order(),
            (await line.ThreadAsync(Ct)).Select(m => m.Text!).Order()
        );
    }

    [Fact]
    public async Task A_contact_takes_the_name_that_the_person_chose_and_never_ours_or_a_number()
    {
        var line = await flowChat.ConnectAsync(Ct);
        var person = flowChat.NewPerson();

        await line.PostAsync(line.TypedTo(person, "I write first"), Ct);
        Assert.Null((await line.ConversationAsync(Ct)).Contact!.Name);
        await line.PostAsync(line.From(person with { Name = "+55 11 9999-0000" }, "hello"), Ct);
        Assert.Null((await line.ConversationAsync(Ct)).Contact!.Name);
        await line.PostAsync(line.From(person, "hello again"), Ct);
        await line.PostAsync(line.From(person with { Name = "" }, "no name"), Ct);
        await line.PostAsync(line.TypedTo(person, "bye"), Ct);

        Assert.Equal(person.Name, (await line.ConversationAsync(Ct)).Contact!.Name);
    }
}
