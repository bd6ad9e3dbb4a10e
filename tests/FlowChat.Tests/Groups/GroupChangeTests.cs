using FlowChat.Groups;
using FlowChat.Testing.Evolution.Payloads;
using static FlowChat.Tests.Groups.GroupTalk;

namespace FlowChat.Tests.Groups;

/// <summary>A group's thread says how it changes, once, where it happened.</summary>
public sealed class GroupChangeTests(SendingFlowChat flowChat) : IClassFixture<SendingFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

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
        var members = Members(await flowChat.ReadGroupAsync(known.Id));
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
        var members = Members(await flowChat.ReadGroupAsync(conversation.Group!.Id));
        Assert.Equal(
            (action != "remove", action == "promote"),
            (
                members.Any(member => member.Phone == "+" + bruno.Phone),
                members.Contains(("+" + bruno.Phone, true))
            )
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_is_removed_and_added_again_is_in_it_whichever_is_told_first(
        bool isReversed
    )
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var group = NewGroup();
        var (ana, bruno) = (NewPerson(), NewPerson());
        number.Fake.Groups[group.Jid] = group.Metadata("Grupo", Now, (ana, "admin"), (bruno, null));
        await SpeakAsync(number, group, ana);
        var shown = (await WaitForNameAsync(number, group, "Grupo")).Conversation!.Group!;
        await number.ExecuteAsync(
            "update groups set fetched_at = fetched_at - interval '1 minute' where jid = @Jid",
            new { group.Jid }
        );
        var told = new[] { ("remove", 13), ("add", 10) }.Select(change =>
            number.Fake.Number.ParticipantsUpdate(
                group,
                change.Item1,
                ana,
                bruno,
                Now.AddSeconds(-change.Item2)
            )
        );

        foreach (var update in isReversed ? told.Reverse() : told)
        {
            await number.Fake.PostAsync(update);
        }

        Assert.Contains(
            ("+" + bruno.Phone, false),
            Members(await flowChat.ReadGroupAsync(shown.Id))
        );
    }

    [Fact]
    public async Task What_is_older_than_what_the_gateway_told_has_it_asked_again()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var group = NewGroup();
        var (ana, bruno, carla) = (NewPerson(), NewPerson(), NewPerson());
        var named = Now.AddDays(-9);
        number.Fake.Groups[group.Jid] = group.Metadata("Grupo", named, (ana, "admin"));
        await SpeakAsync(number, group, ana);
        var known = (await WaitForNameAsync(number, group, "Grupo")).Conversation!;
        number.Fake.Groups[group.Jid] = group.Metadata(
            "Grupo",
            named,
            (ana, "admin"),
            (carla, null)
        );

        await number.Fake.PostAsync(
            number.Fake.Number.ParticipantsUpdate(group, "add", ana, bruno, Now.AddMinutes(-5))
        );

        await number.WaitAsync(
            live =>
                live.Conversation?.Group is { } shown
                && shown.Jid == group.Jid
                && shown.Version > known.Group!.Version,
            Ct
        );
        Assert.Equal(
            [ana, carla],
            Members(await flowChat.ReadGroupAsync(known.Group!.Id))
                .OrderByDescending(member => member.Admin)
                .Select(member =>
                    new[] { ana, bruno, carla }.Single(one => "+" + one.Phone == member.Phone)
                )
        );
        var thread = await number.ThreadAsync(known.Id, Ct);
        Assert.Equal(
            "joined",
            (string?)Assert.Single(thread, line => line.Type == "system").Content!["event"]
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_group_tells_before_anybody_writes_stands_in_its_thread(bool isRename)
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var (group, ana, bruno) = (NewGroup(), NewPerson(), NewPerson());
        var at = Now.AddMinutes(-5);
        var told = isRename
            ? number.Fake.Number.GroupsUpsert(group.Metadata("Depois", at, (ana, "admin")), Now)
            : number.Fake.Number.ParticipantsUpdate(group, "add", ana, bruno, at);
        if (isRename)
        {
            var before = group.Metadata("Antes", at.AddDays(-1), (ana, "admin"));
            await number.Fake.PostAsync(number.Fake.Number.GroupsUpsert(before, Now));
        }

        await number.Fake.PostAsync(told);
        await number.Fake.PostAsync(told);

        var line = await WaitForLineAsync(number, group);
        Assert.Equal(isRename ? "renamed" : "joined", (string?)line.Content!["event"]);
        var conversation = Assert.Single(
            (
                await flowChat.Server.Client.ConversationsAsync(
                    Ct,
                    $"?instance_id={number.Instance.Id}"
                )
            ).Items
        );
        Assert.Equal((line.Id, 0), (conversation.LastMessage!.Id, conversation.UnreadCount));

        await SpeakAsync(number, group, ana);
        var thread = await number.ThreadAsync(conversation.Id, Ct);
        Assert.Equal(["system", "text"], thread.Select(message => message.Type));
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
            var thread = await number.ThreadAsync(
                await flowChat.ConversationOfAsync(number, group),
                Ct
            );
            Assert.Equal(
                ["Antes", "Depois"],
                thread
                    .Where(message => message.Type == "system")
                    .Select(line => (string?)line.Content!["text"])
                    .Order()
            );
        }
        var shown = (await flowChat.ListGroupsAsync()).Single(item =>
            (string?)item["jid"] == group.Jid
        );
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

        var detail = await flowChat.ReadGroupAsync(named.Conversation!.Group!.Id);
        Assert.Equal("Depois", (string?)detail["name"]);
    }
}
