using FlowChat.Groups;
using FlowChat.Testing.Evolution.Payloads;
using static FlowChat.Tests.Groups.GroupTalk;
using Group = FlowChat.Testing.Evolution.Payloads.Group;

namespace FlowChat.Tests.Groups;

/// <summary>A group has a name, members and admins, each of them one person whatever address they are told by.</summary>
public sealed class GroupTests(SendingFlowChat flowChat) : IClassFixture<SendingFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_message_of_a_group_has_its_name_members_and_admins_fetched()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var group = NewGroup();
        var (ana, bruno) = (NewPerson(), NewPerson());
        number.Fake.Groups[group.Jid] = group.Metadata(
            "Fornecedores",
            Now,
            (ana, "superadmin"),
            (bruno, null)
        );

        await SpeakAsync(number, group, bruno);
        var named = await WaitForNameAsync(number, group, "Fornecedores");

        Assert.Equal(1, named.Conversation!.UnreadCount);
        var detail = await flowChat.ReadGroupAsync(named.Conversation.Group!.Id);
        Assert.Equal("Pedidos até as 17h", (string?)detail["description"]);
        Assert.Equal([("+" + ana.Phone, true), ("+" + bruno.Phone, false)], Members(detail));
    }

    [Fact]
    public async Task A_description_is_cut_and_goes_once_the_gateway_answers_with_none()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var (group, ana) = (NewGroup(), NewPerson());
        var described = group.Metadata("Antes", Now.AddDays(-9), (ana, "admin"));
        described["desc"] = new string('a', 5_000);
        number.Fake.Groups[group.Jid] = described;
        await SpeakAsync(number, group, ana);
        var id = (await WaitForNameAsync(number, group, "Antes")).Conversation!.Group!.Id;
        Assert.Equal(new string('a', 4_096), await DescriptionAsync());
        await number.WaitForNoJobsAsync(GroupInfoJob.Queue, Ct);

        // An event tells what it is about.
        var bare = group.Metadata("Agora", Now.AddDays(-8), (ana, "admin"));
        bare.Remove("desc");
        await number.Fake.PostAsync(number.Fake.Number.GroupsUpsert(bare, Now));
        await WaitForNameAsync(number, group, "Agora");
        Assert.NotNull(await DescriptionAsync());

        number.Fake.Groups[group.Jid] = group.Metadata("Depois", Now, (ana, "admin"));
        number.Fake.Groups[group.Jid].Remove("desc");
        await number.ExecuteAsync(
            "update groups set fetched_at = fetched_at - interval '7 hours', asked_at = asked_at - interval '7 hours' where jid = @Jid",
            new { group.Jid }
        );
        await flowChat.Server.Get<GroupRefresh>().RunOnceAsync(Ct);
        await WaitForNameAsync(number, group, "Depois");
        Assert.Null(await DescriptionAsync());

        async Task<string?> DescriptionAsync() =>
            (string?)(await flowChat.ReadGroupAsync(id))["description"];
    }

    [Fact]
    public async Task An_owner_who_is_told_by_lid_is_the_customer_whose_phone_is_known()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var group = NewGroup();
        var (ana, bruno) = (NewPerson(), NewPerson());
        await number.Fake.ReceiveAsync(ana, "Oi");
        number.Fake.Groups[group.Jid] = group.Metadata("Grupo", Now, (ana, "superadmin"));

        await SpeakAsync(number, group, bruno);

        var named = await WaitForNameAsync(number, group, "Grupo");
        var detail = await flowChat.ReadGroupAsync(named.Conversation!.Group!.Id);
        Assert.Equal([("+" + ana.Phone, true)], Members(detail));
    }

    [Fact]
    public async Task An_actor_who_is_told_by_lid_is_the_customer_whose_phone_is_known()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var group = NewGroup();
        var (ana, bruno) = (NewPerson(), NewPerson());
        await number.Fake.ReceiveAsync(ana, "Oi");
        await SpeakAsync(number, group, bruno);

        await number.Fake.PostAsync(
            number.Fake.Number.ParticipantsUpdate(group, "remove", ana, ana, Now, asObject: true)
        );

        var line = await WaitForLineAsync(number, group);
        Assert.Equal("left", (string?)line.Content!["event"]);
        Assert.Equal(
            "+" + ana.Phone,
            (string?)Assert.Single(line.Content["members"]!.AsArray())!["phone"]
        );
    }

    [Fact]
    public async Task An_actor_whose_phone_is_told_beside_the_lid_is_the_member_who_is_told_by_lid_alone()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var (group, ana) = (NewGroup(), NewPerson());
        await number.Fake.ReceiveAsync(ana, "Oi");
        await SpeakAsync(number, group, NewPerson());
        var left = number.Fake.Number.ParticipantsUpdate(group, "remove", ana, ana, Now, data: []);
        left["data"]!["authorPn"] = ana.PhoneJid;

        await number.Fake.PostAsync(left);

        var line = await WaitForLineAsync(number, group);
        Assert.Equal("left", (string?)line.Content!["event"]);
        Assert.Equal(
            "+" + ana.Phone,
            (string?)Assert.Single(line.Content["members"]!.AsArray())!["phone"]
        );
    }

    [Theory]
    [InlineData("add", true)]
    [InlineData("remove", false)]
    public async Task Who_is_told_by_lid_with_data_beside_it_has_the_phone_that_is_one(
        string action,
        bool isFound
    )
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var (group, ana, bruno) = (NewGroup(), NewPerson(), NewPerson());
        await SpeakAsync(number, group, ana);

        await number.Fake.PostAsync(
            number.Fake.Number.ParticipantsUpdate(
                group,
                action,
                ana,
                bruno,
                Now,
                data: GroupEvents.ParticipantsData(bruno, isFound)
            )
        );

        var line = await WaitForLineAsync(number, group);
        var member = Assert.Single(line.Content!["members"]!.AsArray())!;
        Assert.Equal(isFound ? bruno.Name : null, (string?)member["name"]);
        Assert.Equal(isFound ? "+" + bruno.Phone : null, (string?)member["phone"]);
    }

    [Fact]
    public async Task A_group_that_its_gateway_does_not_know_stays_without_a_name()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var group = NewGroup();

        await SpeakAsync(number, group, NewPerson());
        await number.Gateway.Requests.WaitAsync(IsFetch, Ct);
        await number.WaitForNoJobsAsync(GroupInfoJob.Queue, Ct);
        await SpeakAsync(number, group, NewPerson());

        Assert.Empty(await number.JobsAsync(GroupInfoJob.Queue));
        Assert.Single(number.Gateway.Requests.All, IsFetch);

        var shown = (await flowChat.ListGroupsAsync()).Single(item =>
            (string?)item["jid"] == group.Jid
        );
        Assert.Null(shown["name"]);
        Assert.DoesNotContain(
            await number.JobsAsync(GroupInfoJob.Queue),
            job => job.State == "dead"
        );
    }

    [Fact]
    public async Task A_group_that_was_never_told_of_is_asked_for_when_somebody_joins()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var group = NewGroup();
        var (ana, bruno) = (NewPerson(), NewPerson());
        await SpeakAsync(number, group, ana);
        await number.Gateway.Requests.WaitAsync(IsFetch, Ct);
        await number.WaitForNoJobsAsync(GroupInfoJob.Queue, Ct);
        await number.ExecuteAsync(
            "update groups set asked_at = asked_at - interval '2 hours' where jid = @Jid",
            new { group.Jid }
        );
        number.Fake.Groups[group.Jid] = group.Metadata("Grupo", Now, (ana, "admin"), (bruno, null));

        await number.Fake.PostAsync(
            number.Fake.Number.ParticipantsUpdate(group, "add", ana, bruno, Now)
        );

        await WaitForNameAsync(number, group, "Grupo");
    }

    [Fact]
    public async Task The_list_of_groups_goes_on_page_by_page()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        Group[] groups = [NewGroup(), NewGroup(), NewGroup()];
        foreach (var group in groups)
        {
            await SpeakAsync(number, group, NewPerson());
        }

        var listed = await flowChat.ListGroupsAsync(limit: 2);

        Assert.Equal(listed.Count, listed.Select(item => (string?)item["id"]).Distinct().Count());
        Assert.Equal(
            groups.Select(group => group.Jid),
            listed
                .Select(item => (string?)item["jid"])
                .Where(jid => groups.Any(group => group.Jid == jid))
        );
    }
}
