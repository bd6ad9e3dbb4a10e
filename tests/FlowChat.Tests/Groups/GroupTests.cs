using System.Text.Json.Nodes;
using FlowChat.Groups;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;
using Group = FlowChat.Testing.Evolution.Payloads.Group;

namespace FlowChat.Tests.Groups;

/// <summary>A group has a name, members and admins, and its thread says how they change.</summary>
public sealed class GroupTests(SendingFlowChat flowChat) : IClassFixture<SendingFlowChat>
{
    private static readonly Group Suppliers = Group.Suppliers;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;
    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

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
        var detail = await ReadAsync(named.Conversation.Group!.Id);
        Assert.Equal("Pedidos até as 17h", (string?)detail["description"]);
        Assert.Equal([("+" + ana.Phone, true), ("+" + bruno.Phone, false)], Members(detail));
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
        var detail = await ReadAsync(named.Conversation!.Group!.Id);
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

    [Fact]
    public async Task A_new_name_is_a_line_of_the_thread_that_nobody_has_to_read()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var group = NewGroup();
        var ana = NewPerson();
        number.Fake.Groups[group.Jid] = group.Metadata("Antes", Now.AddDays(-9), (ana, "admin"));
        await SpeakAsync(number, group, ana);
        await WaitForNameAsync(number, group, "Antes");

        var renamed = number.Fake.Number.GroupsUpsert(
            group.Metadata("Depois", Now, (ana, "admin")),
            Now
        );
        await number.Fake.PostAsync(renamed);
        await number.Fake.PostAsync(renamed);
        var told = await WaitForNameAsync(number, group, "Depois");

        var thread = await number.ThreadAsync(told.Conversation!.Id, Ct);
        var line = Assert.Single(thread, message => message.Type == "system");
        Assert.Equal(
            ("renamed", "Depois"),
            ((string?)line.Content!["event"], (string?)line.Content["text"])
        );
        Assert.Equal(1, told.Conversation.UnreadCount);
    }

    [Fact]
    public async Task A_group_that_was_renamed_silently_is_found_out_by_asking_again()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var group = NewGroup();
        var ana = NewPerson();
        number.Fake.Groups[group.Jid] = group.Metadata("Antes", Now.AddDays(-9), (ana, "admin"));
        await SpeakAsync(number, group, ana);
        await WaitForNameAsync(number, group, "Antes");
        // Six hours later its job has long ended.
        await number.WaitForNoJobsAsync(GroupInfoJob.Queue, Ct);
        number.Fake.Groups[group.Jid] = group.Metadata("Depois", Now, (ana, "admin"));
        await number.ExecuteAsync(
            "update groups set fetched_at = fetched_at - interval '7 hours' where jid = @Jid",
            new { group.Jid }
        );
        // Asked for just now, in vain: others have their turn.
        Assert.Equal(0, await flowChat.Server.Get<GroupRefresh>().RunOnceAsync(Ct));
        await number.ExecuteAsync(
            "update groups set asked_at = asked_at - interval '7 hours' where jid = @Jid",
            new { group.Jid }
        );

        Assert.Equal(1, await flowChat.Server.Get<GroupRefresh>().RunOnceAsync(Ct));

        await WaitForNameAsync(number, group, "Depois");
    }

    [Fact]
    public async Task Who_has_joined_silently_is_told_as_soon_as_it_is_found_out()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var group = NewGroup();
        var (ana, bruno) = (NewPerson(), NewPerson());
        var since = Now.AddDays(-9);
        number.Fake.Groups[group.Jid] = group.Metadata("Grupo", since, (ana, "admin"));
        await SpeakAsync(number, group, ana);
        var known = (await WaitForNameAsync(number, group, "Grupo")).Conversation!.Group!;

        await number.Fake.PostAsync(
            number.Fake.Number.GroupsUpsert(
                group.Metadata("Grupo", since, (ana, "admin"), (bruno, null)),
                Now
            )
        );

        await number.WaitAsync(
            live =>
                live.Conversation?.Group is { } shown
                && shown.Jid == group.Jid
                && shown.Version > known.Version,
            Ct
        );
        var members = Members(await ReadAsync(known.Id));
        Assert.Contains(("+" + bruno.Phone, false), members);
    }

    [Fact]
    public async Task A_member_with_another_name_is_told_to_whoever_shows_the_group()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var (group, ana) = (NewGroup(), NewPerson());
        await SpeakAsync(number, group, ana);

        await SpeakAsync(number, group, ana with { Name = "Ana de Sá" });

        await number.WaitAsync(
            live =>
                live.Type == "contact.updated"
                && (string?)live.Data["contact"]!["name"] == "Ana de Sá",
            Ct
        );
    }

    [Theory]
    [InlineData("add", false, "joined", false)]
    [InlineData("add", true, "joined", true)]
    [InlineData("remove", true, "removed", false)]
    [InlineData("remove", false, "left", true)]
    [InlineData("promote", true, "promoted", true)]
    [InlineData("demote", true, "demoted", false)]
    public async Task Who_comes_leaves_or_changes_roles_is_one_line_however_often_it_is_told(
        string action,
        bool byOther,
        string expected,
        bool asObject
    )
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var group = NewGroup();
        var (ana, bruno) = (NewPerson(), NewPerson());
        number.Fake.Groups[group.Jid] = group.Metadata("Grupo", Now, (ana, "admin"), (bruno, null));
        await SpeakAsync(number, group, ana);
        var conversation = (await WaitForNameAsync(number, group, "Grupo")).Conversation!;

        var update = number.Fake.Number.ParticipantsUpdate(
            group,
            action,
            byOther ? ana : bruno,
            bruno,
            Now,
            asObject
        );
        await number.Fake.PostAsync(update);
        await number.Fake.PostAsync(update);

        var line = Assert.Single(
            await number.ThreadAsync(conversation.Id, Ct),
            message => message.Type == "system"
        );
        Assert.Equal(expected, (string?)line.Content!["event"]);
        Assert.Equal(
            "+" + bruno.Phone,
            (string?)Assert.Single(line.Content["members"]!.AsArray())!["phone"]
        );
        Assert.Equal(byOther, line.Content["actor"] is not null);
        await number.WaitAsync(
            live =>
                live.Message?.Id == line.Id
                && live.Conversation!.Group!.Version > conversation.Group!.Version,
            Ct
        );
        var members = Members(await ReadAsync(conversation.Group!.Id));
        Assert.Equal(
            (action != "remove", action == "promote"),
            (
                members.Any(member => member.Phone == "+" + bruno.Phone),
                members.Contains(("+" + bruno.Phone, true))
            )
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
    public async Task A_name_that_two_numbers_tell_is_one_line_in_each_thread()
    {
        await using var one = await flowChat.ConnectAsync(Ct);
        await using var other = await flowChat.ConnectAsync(Ct);
        var (group, ana) = (NewGroup(), NewPerson());
        await SpeakAsync(one, group, ana);
        await SpeakAsync(other, group, ana);
        var at = Now;
        Task TellAsync(TestNumber number, string name) =>
            number.Fake.PostAsync(
                number.Fake.Number.GroupsUpsert(group.Metadata(name, at, (ana, "admin")), at)
            );

        await TellAsync(one, "Antes");
        await Task.WhenAll(TellAsync(one, "Depois"), TellAsync(other, "Depois"));
        // Of one second: nothing says which was first.
        await TellAsync(other, "Antes");
        await TellAsync(one, "Depois");

        foreach (var number in (TestNumber[])[one, other])
        {
            var thread = await number.ThreadAsync(await ConversationOfAsync(number, group), Ct);
            Assert.Equal(
                ["Antes", "Depois"],
                thread
                    .Where(message => message.Type == "system")
                    .Select(line => (string?)line.Content!["text"])
                    .Order()
            );
        }
        var shown = (await ListAsync()).Single(item => (string?)item["jid"] == group.Jid);
        Assert.Equal("Depois", (string?)shown["name"]);
    }

    [Fact]
    public async Task A_line_stands_where_it_happened_not_where_it_was_told()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var group = NewGroup();
        var (ana, bruno) = (NewPerson(), NewPerson());
        number.Fake.Groups[group.Jid] = group.Metadata(
            "Antes",
            Now.AddDays(-9),
            (ana, "admin"),
            (bruno, null)
        );
        await SpeakAsync(number, group, ana);
        var conversation = (await WaitForNameAsync(number, group, "Antes")).Conversation!;
        var (named, left) = (Now.AddHours(-2), Now.AddMinutes(-4));

        await number.Fake.PostAsync(
            number.Fake.Number.GroupsUpsert(group.Metadata("Depois", named, (ana, "admin")), Now)
        );
        await number.Fake.PostAsync(
            number.Fake.Number.ParticipantsUpdate(group, "remove", bruno, bruno, left)
        );

        var thread = await number.ThreadAsync(conversation.Id, Ct);
        Assert.Equal(["system", "system", "text"], thread.Select(message => message.Type));
        Assert.Equal(
            [named.ToUnixTimeSeconds(), left.ToUnixTimeSeconds()],
            thread.Take(2).Select(line => line.SentAt.ToUnixTimeSeconds())
        );
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

        var shown = (await ListAsync()).Single(item => (string?)item["jid"] == group.Jid);
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

        var listed = await ListAsync(limit: 2);

        Assert.Equal(listed.Count, listed.Select(item => (string?)item["id"]).Distinct().Count());
        Assert.Equal(
            groups.Select(group => group.Jid),
            listed
                .Select(item => (string?)item["jid"])
                .Where(jid => groups.Any(group => group.Jid == jid))
        );
    }

    [Fact]
    public async Task An_older_name_does_not_come_back()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var group = NewGroup();
        var ana = NewPerson();
        number.Fake.Groups[group.Jid] = group.Metadata("Depois", Now, (ana, "admin"));
        await SpeakAsync(number, group, ana);
        var named = await WaitForNameAsync(number, group, "Depois");

        var late = group.Metadata("Antes", Now.AddDays(-9), (ana, "admin"));
        await number.Fake.PostAsync(number.Fake.Number.GroupsUpsert(late, Now));

        var detail = await ReadAsync(named.Conversation!.Group!.Id);
        Assert.Equal("Depois", (string?)detail["name"]);
    }

    private static bool IsFetch(RecordedRequest request) =>
        request.Path.StartsWith("/group/findGroupInfos", StringComparison.Ordinal);

    private static Group NewGroup() =>
        Suppliers with
        {
            Jid = $"1203630{Random.Shared.NextInt64(10_000_000_000):D11}@g.us",
        };

    private static Person NewPerson() => Person.Number(Random.Shared.Next(1_000, 9_000_000));

    private static Task<WebhookDelivery> SpeakAsync(
        TestNumber number,
        Group group,
        Person person
    ) =>
        number.Fake.PostAsync(
            new TextMessage(number.Fake.Number, person, "Bom dia")
            {
                Group = group,
                SentAt = Now,
            }.ToEnvelope()
        );

    private static Task<LiveEvent> WaitForNameAsync(TestNumber number, Group group, string name) =>
        number.WaitAsync(
            live =>
                live.Conversation?.Group is { } shown
                && shown.Jid == group.Jid
                && shown.Name == name,
            Ct
        );

    private static async Task<Message> WaitForLineAsync(TestNumber number, Group group) =>
        (
            await number.WaitAsync(
                live =>
                    live.Conversation?.Group?.Jid == group.Jid && live.Message?.Type == "system",
                Ct
            )
        ).Message!;

    private async Task<Guid> ConversationOfAsync(TestNumber number, Group group) =>
        (await flowChat.Server.Client.ConversationsAsync(Ct, $"?instance_id={number.Instance.Id}"))
            .Items.Single(conversation => conversation.Group?.Jid == group.Jid)
            .Id;

    private async Task<IReadOnlyList<JsonNode>> ListAsync(int limit = 200)
    {
        var groups = new List<JsonNode>();
        for (string? next = null; ; )
        {
            var query = $"?limit={limit}" + (next is null ? "" : $"&cursor={next}");
            var page = await flowChat.Server.Client.GetAsync<JsonObject>("/api/groups" + query, Ct);
            groups.AddRange(page["items"]!.AsArray()!);
            if ((next = (string?)page["next_cursor"]) is null)
            {
                return groups;
            }
        }
    }

    private Task<JsonObject> ReadAsync(Guid id) =>
        flowChat.Server.Client.GetAsync<JsonObject>($"/api/groups/{id}", Ct);

    private static IReadOnlyList<(string? Phone, bool Admin)> Members(JsonObject group) =>
        [
            .. group["participants"]!
                .AsArray()
                .Select(member => ((string?)member!["contact"]!["phone"], (bool)member["admin"]!)),
        ];
}
