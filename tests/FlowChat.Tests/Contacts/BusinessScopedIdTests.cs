using FlowChat.Contacts;
using FlowChat.Inbound;
using FlowChat.Storage;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution.Payloads;
using ContactDetails = FlowChat.Testing.Api.ContactDetails;
using ContactIdentity = FlowChat.Testing.Api.ContactIdentity;

namespace FlowChat.Tests.Contacts;

/// <summary>The id that WhatsApp gives a person for one business is an address like their phone and their LID.</summary>
public sealed class BusinessScopedIdTests(SendingFlowChat flowChat) : IClassFixture<SendingFlowChat>
{
    private readonly string _id = $"BR.{Random.Shared.NextInt64(100_000_000_000_000)}";

    private readonly string _phone = Person.Number(Random.Shared.Next(1_000, 9_000_000)).Phone;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private Identity Bsuid => new(IdentityKind.Bsuid, _id);

    private Identity Phone => new(IdentityKind.Phone, _phone);

    [Fact]
    public async Task Somebody_who_hides_the_phone_is_a_contact_and_has_the_phone_once_it_is_told()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        await ReceiveAsync(number, "1", Bsuid);
        var hidden = Assert.Single(await ListAsync(number));
        Assert.Null(hidden.Contact!.Phone);

        await ReceiveAsync(number, "2", Bsuid, Phone);

        var shown = Assert.Single(await ListAsync(number));
        Assert.Equal((hidden.Id, "+" + _phone), (shown.Id, shown.Contact!.Phone));
        var contact = await flowChat.Server.Client.GetAsync<ContactDetails>(
            $"/api/contacts/{shown.Contact.Id}",
            Ct
        );
        Assert.Contains(new ContactIdentity("bsuid", _id), contact.Identities);
    }

    [Fact]
    public async Task Two_contacts_become_one_when_a_message_names_both_addresses()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        await ReceiveAsync(number, "1", Phone);
        await ReceiveAsync(number, "2", Bsuid);
        var kept = (await ListAsync(number)).MinBy(conversation => conversation.Id)!;

        await ReceiveAsync(number, "3", Bsuid, Phone);

        var joined = Assert.Single(await ListAsync(number));
        Assert.Equal(kept.Id, joined.Id);
        Assert.Equal(
            ["1", "2", "3"],
            (await number.ThreadAsync(joined.Id, Ct)).Select(message => message.Text)
        );
        await number.WaitAsync(
            live => live.Type == "conversation.joined" && live.Conversation!.Id == kept.Id,
            Ct
        );
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Two_ids_that_had_one_phone_stay_two_people(bool phoneFirst, bool isKnown)
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var next = new Identity(IdentityKind.Bsuid, _id + "7");
        await ReceiveAsync(number, "1", Bsuid, Phone);
        if (isKnown)
        {
            await ReceiveAsync(number, "2", next);
        }

        await ReceiveAsync(number, "3", phoneFirst ? [Phone, next] : [next, Phone]);

        var conversations = (await ListAsync(number)).OrderBy(one => one.Id).ToList();
        Assert.Equal(
            [null, "+" + _phone],
            conversations.Select(conversation => conversation.Contact!.Phone)
        );
        Assert.Equal(
            isKnown ? ["2", "3"] : ["3"],
            (await number.ThreadAsync(conversations[1].Id, Ct)).Select(message => message.Text)
        );
    }

    private async Task<IReadOnlyList<Conversation>> ListAsync(TestNumber number) =>
        (
            await flowChat.Server.Client.ConversationsAsync(
                Ct,
                $"?instance_id={number.Instance.Id}"
            )
        ).Items;

    private Task<Received> ReceiveAsync(
        TestNumber number,
        string text,
        params Identity[] addresses
    ) =>
        flowChat
            .Server.Get<TenantWriter>()
            .WriteAsync(
                flowChat.TenantId,
                new ReceiveMessage(
                    new()
                    {
                        InstanceId = number.Instance.Id,
                        WaId = WhatsAppId.New(),
                        FromMe = false,
                        IsEcho = false,
                        Chat = addresses,
                        Type = "text",
                        Text = text,
                        SentAt = number.Now,
                    }
                ),
                Ct
            );
}
