using System.Globalization;
using System.Text.Json.Nodes;
using FlowChat.Groups;
using FlowChat.Testing.Api;
using Group = FlowChat.Testing.Evolution.Payloads.Group;

namespace FlowChat.Tests.Inbound;

/// <summary>The same story in its order, once, and shuffled, with repetitions: people who turn out to be one, groups, quotes, votes, calls and what is revealed.</summary>
public sealed class AnyOrderStoryTests(InboundFlowChat flowChat) : IClassFixture<InboundFlowChat>
{
    private const int Runs = 25;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Any_order_and_repetition_of_a_story_ends_in_the_same_state(bool inGroup)
    {
        var seed = Random.Shared.Next();
        if (Environment.GetEnvironmentVariable("FLOWCHAT_TEST_SEED") is { } given)
        {
            seed = int.Parse(given, CultureInfo.InvariantCulture);
        }
        TestContext.Current.SendDiagnosticMessage("FLOWCHAT_TEST_SEED={0}", seed);
        var told = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var run = 0; run < Runs; run++)
        {
            var story = await RunAsync(new Random(seed + run), inGroup, $"seed {seed}, run {run}");
            foreach (var (kind, times) in story.Told)
            {
                told[kind] = told.GetValueOrDefault(kind) + times;
            }
        }
        string[] all =
        [
            "text",
            "quote",
            "poll",
            "vote",
            "edit",
            "revoke",
            "reaction",
            "hidden",
            "call",
            "quiet",
            "beside",
        ];
        Assert.Equal(
            [.. (inGroup ? all.Concat(["system line", "group"]) : all).Order()],
            told.Keys.Order().ToArray()
        );
    }

    private async Task<Story> RunAsync(Random random, bool inGroup, string seed)
    {
        // The gateway tells the time of a system line by a clock without a zone: it must be a recent one.
        var start = DateTimeOffset.FromUnixTimeSeconds(
            TimeProvider.System.GetUtcNow().AddMinutes(-2).ToUnixTimeSeconds()
        );
        var people = inGroup ? 3 : 1;
        var story = new Story(random, people, inGroup, start);
        var script = story.Write();
        var once = await SceneAsync(people, inGroup);
        AnswerOf(story, once);
        foreach (var webhook in script)
        {
            await once.Line.PostAsync(webhook(once), Ct);
        }

        var often = await SceneAsync(people, inGroup);
        AnswerOf(story, often);
        var copies = script.Concat(script.Where(_ => random.Next(2) == 0)).ToArray();
        random.Shuffle(copies);
        foreach (var together in copies.Chunk(random.Next(1, 6)))
        {
            await Task.WhenAll(
                together.Select(webhook => often.Line.PostAsync(webhook(often), Ct))
            );
        }

        var (expected, actual) = (await DescribeAsync(once), await DescribeAsync(often));
        Assert.EndsWith($"[{story.Group?.Describe()}]", expected, StringComparison.Ordinal);
        Assert.True(
            expected == actual,
            $"{seed}\nin order, once:\n{expected}\nshuffled:\n{actual}"
        );
        return story;
    }

    /// <summary>People whom nobody knows yet, under the names of the others.</summary>
    private async Task<Scene> SceneAsync(int people, bool inGroup) =>
        new(
            await flowChat.ConnectAsync(Ct),
            [
                .. Enumerable
                    .Range(0, people)
                    .Select(who => flowChat.NewPerson() with { Name = $"Person {who}" }),
            ],
            inGroup
                ? Group.Suppliers with
                {
                    Jid = $"1203630{Random.Shared.NextInt64(10_000_000_000):D11}@g.us",
                }
                : null
        );

    /// <summary>Whenever the gateway is asked, all has happened.</summary>
    private void AnswerOf(Story story, Scene scene)
    {
        if (story.Group is { } group)
        {
            flowChat.Gateway.FindInstance(scene.Line.Number.InstanceName)!.Groups[
                scene.Group!.Jid
            ] = group.Metadata()(scene);
        }
    }

    private async Task<string> DescribeAsync(Scene scene)
    {
        await scene.Line.WaitForNoJobsAsync(GroupInfoJob.Queue, Ct);
        var conversation = await scene.Line.ConversationAsync(Ct);
        var thread = await scene.Line.ThreadAsync(conversation, Ct);
        // By now each of them has written under both addresses. A call tells no name.
        var names = thread
            .Where(m => m.Type != "call" && m.Sender is { Kind: "contact", Id: not null })
            .Select(m => (Id: m.Sender!.Id!.Value, m.Sender.Name))
            .Append((conversation.Contact?.Id ?? Guid.Empty, conversation.Contact?.Name))
            .Where(one => one.Item1 != Guid.Empty)
            .Distinct()
            .ToDictionary(one => one.Item1, one => one.Item2);
        Assert.Equal(scene.People.Count, names.Count);
        var inGroup = await MembersAsync(conversation.Group?.Id);
        var waIds = thread.ToDictionary(m => m.Id, m => m.WaId);
        return string.Join(
            '\n',
            thread
                .Select(Describe)
                .Append(
                    $"last {Named(conversation.LastMessage)} at {conversation.LastActivityAt:O}"
                )
                .Append($"unread {conversation.UnreadCount}, {conversation.Status}")
                .Append($"[{string.Join(", ", inGroup)}]")
        );

        // Its number, of whom nothing else is told, is left out.
        async Task<IEnumerable<string>> MembersAsync(Guid? group) =>
            group is null
                ? []
                : (await flowChat.Server.Client.GetAsync<JsonObject>($"/api/groups/{group}", Ct))[
                    "participants"
                ]!
                    .AsArray()
                    .Where(one => !IsNumber(one!))
                    .Select(one =>
                        $"{names.GetValueOrDefault((Guid)one!["contact"]!["id"]!)} {(bool)one["admin"]!}"
                    )
                    .Order(StringComparer.Ordinal);

        bool IsNumber(JsonNode one) =>
            (string?)one["contact"]!["phone"] == "+" + scene.Line.Number.Owner.Phone;

        string? Named(Message? m) => m?.Type == "system" ? "a line" : m?.WaId;

        string Describe(Message m) =>
            $"{Named(m)} {m.SentAt:O} {m.Direction} {m.Status} {m.Type} {m.Text} by {Who(m.Sender)} "
            + $"edited {m.EditedAt:O} [{string.Join(", ", m.Edits)}] deleted {m.DeletedAt is not null} "
            + $"[{string.Join(", ", m.Reactions.Select(r => $"{r.Emoji} {Who(r.By)} {r.At:O}"))}] "
            + $"answers {Quote(m.ReplyTo)} says {Content(m)}";

        string Quote(Quote? quote) =>
            quote is null
                ? "nothing"
                : $"{quote.WaId} {quote.Type} {Who(quote.Sender)} "
                    + $"{(quote.MessageId is { } id ? waIds[id] : "not here")}";

        string Who(Sender? sender) =>
            sender is null ? "nobody"
            : sender.Kind != "contact" ? sender.Kind
            : sender.Id is not { } id ? $"{sender.Name}, whose thread it is"
            : names.GetValueOrDefault(id) ?? "a stranger";

        string Content(Message m)
        {
            var content = m.Content?.DeepClone().AsObject() ?? [];
            foreach (var vote in content["votes"]?.AsArray() ?? [])
            {
                vote!["by"] = names.GetValueOrDefault((Guid)vote["by"]!["id"]!);
            }
            if (m.Type == "system")
            {
                // Names are those of the moment, and the page shows those of now.
                content["actor"] = NameOf(content["actor"]);
                var members = content["members"]!.AsArray().Select(NameOf);
                content["members"] = string.Join(", ", members);
            }
            return content.ToJsonString();
        }

        string? NameOf(JsonNode? member) =>
            member is null ? null : names.GetValueOrDefault((Guid)member["contact_id"]!);
    }
}
