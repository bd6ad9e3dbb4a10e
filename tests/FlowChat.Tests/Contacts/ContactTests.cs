using System.Net;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Contacts;

/// <summary>A contact by itself, as a mention or a group's member leads to them.</summary>
public sealed class ContactTests(SendingFlowChat flowChat) : IClassFixture<SendingFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_contact_is_told_with_their_numbers_and_conversations()
    {
        await using var first = await flowChat.ConnectAsync(Ct);
        await using var second = await flowChat.ConnectAsync(Ct);
        var ana = Person.Number(77);
        await first.Fake.ReceiveAsync(ana, "Oi", "3EB0FIRST");
        await second.Fake.ReceiveAsync(ana, "Oi de novo", "3EB0SECOND");
        var latest = (
            await second.WaitAsync(e => e.Message?.WaId == "3EB0SECOND", Ct)
        ).Conversation!;

        var contact = await flowChat.Server.Client.GetAsync<ContactDetails>(
            $"/api/contacts/{latest.Contact!.Id}",
            Ct
        );

        Assert.Equal((ana.Name, $"+{ana.Phone}"), (contact.Name, Assert.Single(contact.Phones)));
        Assert.Equal(2, contact.Conversations.Count);
        Assert.Contains(contact.Conversations, c => c.Id == latest.Id);
        Assert.All(contact.Conversations, c => Assert.Equal(contact.Id, c.Contact!.Id));
    }

    [Fact]
    public async Task One_that_does_not_exist_is_not_found()
    {
        using var missing = await flowChat.Server.Client.Http.GetAsync(
            $"/api/contacts/{Guid.CreateVersion7()}",
            Ct
        );

        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }
}
