using FlowChat.Groups;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;
using static FlowChat.Tests.Groups.GroupTalk;
using Group = FlowChat.Testing.Evolution.Payloads.Group;

namespace FlowChat.Tests.Groups;

/// <summary>All of a group is told of one moment: who came or went after it stays so.</summary>
public sealed class GroupRaceTests(SendingFlowChat flowChat) : IClassFixture<SendingFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_comes_or_goes_while_the_gateway_answers_stays_so(bool isKnown)
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var (group, ana, bruno) = (NewGroup(), NewPerson(), NewPerson());
        (Person, string?)[] both = [(ana, "admin"), (bruno, null)];
        var (before, after) = isKnown ? (both, both[..1]) : (both[..1], both);
        var since = Now.AddDays(-9);
        if (isKnown)
        {
            number.Fake.Groups[group.Jid] = group.Metadata("Grupo", since, before);
            await SpeakAsync(number, group, ana);
            await WaitForNameAsync(number, group, "Grupo");
            await number.WaitForNoJobsAsync(GroupInfoJob.Queue, Ct);
            await SetBackAsync(number, group, "2 days");
        }
        var told = new TaskCompletionSource();
        var old = new Answer(200, group.Metadata("Grupo", since, before));
        number.Gateway.Script.Next(IsFetch, Reply.Refused(old).AnsweredAfter(told.Task));
        var asked = number.Gateway.Requests.All.Count(IsFetch) + 1;
        await SpeakAsync(number, group, ana);
        await number.Gateway.Requests.WaitAsync(asked, IsFetch, Ct);

        number.Fake.Groups[group.Jid] = group.Metadata("Grupo", since, after);
        await number.Fake.PostAsync(
            number.Fake.Number.ParticipantsUpdate(
                group,
                isKnown ? "remove" : "add",
                ana,
                bruno,
                Now
            )
        );
        told.SetResult();

        Assert.Equal(!isKnown, await IsInAsync(number, group, bruno));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_goes_stays_away_though_the_group_of_before_is_told_late(bool isFetched)
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var (group, ana, bruno) = (NewGroup(), NewPerson(), NewPerson());
        var since = Now.AddDays(-9);
        var before = group.Metadata("Grupo", since, (ana, "admin"), (bruno, null));
        if (isFetched)
        {
            number.Fake.Groups[group.Jid] = before;
        }
        await SpeakAsync(number, group, ana);
        await number.Gateway.Requests.WaitAsync(1, IsFetch, Ct);
        await number.WaitForNoJobsAsync(GroupInfoJob.Queue, Ct);
        await SetBackAsync(number, group, "1 minute");
        number.Fake.Groups[group.Jid] = group.Metadata("Grupo", since, (ana, "admin"));
        var left = Now.AddSeconds(-5);
        await number.Fake.PostAsync(
            number.Fake.Number.ParticipantsUpdate(group, "remove", ana, bruno, left)
        );

        await number.Fake.PostAsync(number.Fake.Number.GroupsUpsert(before, left.AddSeconds(-5)));

        Assert.False(await IsInAsync(number, group, bruno));
    }

    private static Task SetBackAsync(TestNumber number, Group group, string time) =>
        number.ExecuteAsync(
            $"""
            update groups
            set fetched_at = fetched_at - interval '{time}', asked_at = asked_at - interval '{time}'
            where jid = @Jid
            """,
            new { group.Jid }
        );

    /// <summary>Once nobody asks any more.</summary>
    private async Task<bool> IsInAsync(TestNumber number, Group group, Person person)
    {
        await number.WaitForNoJobsAsync(GroupInfoJob.Queue, Ct);
        var shown = (await flowChat.ListGroupsAsync()).Single(one =>
            (string?)one["jid"] == group.Jid
        );
        var members = Members(await flowChat.ReadGroupAsync((Guid)shown["id"]!));
        // Known whole, or not at all.
        Assert.NotEmpty(members);
        return members.Any(member => member.Phone == "+" + person.Phone);
    }
}
