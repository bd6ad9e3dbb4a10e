using System.Text.Json;
using Dapper;
using FlowChat.Pictures;
using FlowChat.Storage;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution.Payloads;
using FlowChat.Tests.Inbound;
using Group = FlowChat.Testing.Evolution.Payloads.Group;

namespace FlowChat.Tests.Contacts;

/// <summary>Whatever tells of a person changes their contact, and what tells nothing new writes nothing.</summary>
public sealed class MetContactTests(InboundFlowChat flowChat) : IClassFixture<InboundFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private FlowChatClient Client => flowChat.Server.Client;

    [Fact]
    public async Task A_reaction_of_somebody_known_leaves_their_row_as_it_is()
    {
        var (line, ana) = (await flowChat.ConnectAsync(Ct), flowChat.NewPerson());
        var message = line.From(ana, "Bom dia");
        await line.PostAsync(message, Ct);
        await line.PostAsync(Reaction(line, ana, message, "👍", 1), Ct);
        await UntilAskedForPictureAsync(line);
        var before = await RowAsync(ana);

        await line.PostAsync(Reaction(line, ana, message, "❤️", 2), Ct);
        await line.PostAsync(Reaction(line, ana, message, "❤️", 2), Ct);

        Assert.Equal("❤️", Assert.Single((await line.ThreadAsync(Ct))[0].Reactions).Emoji);
        Assert.Equal(before, await RowAsync(ana));
    }

    [Fact]
    public async Task A_reaction_under_a_new_name_tells_open_browsers_of_it()
    {
        var (line, ana) = (await flowChat.ConnectAsync(Ct), flowChat.NewPerson());
        var message = line.From(ana, "Bom dia");
        await line.PostAsync(message, Ct);
        var before = (await line.ConversationAsync(Ct)).Contact!;
        var married = ana with { Name = $"{ana.Name} Souza" };

        await line.PostAsync(Reaction(line, married, message, "❤️", 1), Ct);

        var shown = (await line.ConversationAsync(Ct)).Contact!;
        Assert.Equal((married.Name, before.Version + 1), (shown.Name, shown.Version));
        Assert.Equal(shown, await ToldAsync(ana));
    }

    [Fact]
    public async Task A_group_that_tells_a_members_other_address_tells_it_once()
    {
        var (line, ana) = (await flowChat.ConnectAsync(Ct), flowChat.NewPerson());
        await line.PostAsync(line.From(ana, "Oi"), Ct);
        var before = (await line.ConversationAsync(Ct)).Contact!;
        var group = Group.Suppliers.Metadata("Fornecedores", DateTimeOffset.UnixEpoch, (ana, null));
        var told = line.Number.GroupsUpsert(group, DateTimeOffset.UnixEpoch);

        await line.PostAsync(told, Ct);
        await line.PostAsync(told, Ct);

        var details = await Client.GetAsync<ContactDetails>($"/api/contacts/{before.Id}", Ct);
        Assert.Equal(before.Version + 1, details.Version);
        Assert.Equal(
            [("lid", ana.Lid), ("phone", ana.Phone)],
            details.Identities.Select(one => (one.Kind, one.Value)).Order()
        );
        Assert.Equal(details.Version, (await ToldAsync(ana)).Version);
    }

    private static TextMessage Reaction(
        WebhookLine line,
        Person who,
        TextMessage message,
        string emoji,
        int second
    ) =>
        line.From(who, "") with
        {
            Message = MessageKinds.Reaction(message.Key, emoji, message.SentAt.AddSeconds(second)),
        };

    /// <summary>The last contact.updated of somebody.</summary>
    private async Task<Contact> ToldAsync(Person person) =>
        (await Client.EventsAsync(0, Ct, limit: 1_000))
            .Items.Where(live => live.Type == "contact.updated")
            .Select(live => live.Data["contact"].Deserialize<Contact>(FlowChatClient.Json)!)
            .Last(contact => contact.Phone == "+" + person.Phone);

    /// <summary>What its answer was is written.</summary>
    private async Task UntilAskedForPictureAsync(WebhookLine line)
    {
        await using var connection = await flowChat
            .Server.Get<Database>()
            .Migrator.OpenConnectionAsync(Ct);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        const string Waits =
            "select exists (select from jobs where queue = @Queue and limit_key = @key)";
        var key = line.Instance.Id.ToString();
        while (
            await connection.ExecuteScalarAsync<bool>(Waits, new { ProfilePictureJob.Queue, key })
        )
        {
            await timer.WaitForNextTickAsync(Ct);
        }
    }

    /// <summary>With the transaction that wrote it last.</summary>
    private async Task<string> RowAsync(Person person)
    {
        await using var connection = await flowChat
            .Server.Get<Database>()
            .Migrator.OpenConnectionAsync(Ct);
        return await connection.QuerySingleAsync<string>(
            """
            select concat(c.xmin, ' ', to_json(c)) from contacts c
            join contact_identities i on i.contact_id = c.id
            where i.kind = 'phone' and i.value = @Phone
            """,
            new { person.Phone }
        );
    }
}
