using System.Globalization;
using System.Text.Json.Nodes;
using FlowChat.Testing.Cloud.Payloads;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Cloud;

/// <summary>Meta promises neither order nor once: whatever comes when, and however often, ends in the same conversation.</summary>
public sealed class CloudAnyOrderTests(CloudFlowChat flowChat) : IClassFixture<CloudFlowChat>
{
    private const int Runs = 20;

    private static readonly string?[] Emojis = ["👍", "❤️", null];
    private static readonly string[] Statuses = ["sent", "delivered", "read", "failed"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Any_order_and_repetition_of_a_conversations_webhooks_ends_in_the_same_state()
    {
        var seed = Random.Shared.Next();
        if (Environment.GetEnvironmentVariable("FLOWCHAT_TEST_SEED") is { } given)
        {
            seed = int.Parse(given, CultureInfo.InvariantCulture);
        }
        await using var once = await flowChat.ConnectCloudAsync(Ct);
        var often = await flowChat.ConnectCloudAsync(Ct, once.Meta);
        for (var run = 0; run < Runs; run++)
        {
            var random = new Random(seed + run);
            var person = Person.Number(1_000 + run);
            var script = Write(random, person, run, once.Now);
            foreach (var change in script)
            {
                await PostAsync(once, [change]);
            }
            var copies = script.Concat(script.Where(_ => random.Next(2) == 0)).ToArray();
            random.Shuffle(copies);
            foreach (var together in copies.Chunk(random.Next(1, 6)))
            {
                await PostAsync(often, together);
            }
            var (expected, actual) = (
                await DescribeAsync(once, person),
                await DescribeAsync(often, person)
            );
            Assert.True(
                expected == actual,
                $"FLOWCHAT_TEST_SEED={seed}, run {run}\nin order, once:\n{expected}\nshuffled:\n{actual}"
            );
        }
    }

    /// <summary>The next of one conversation's events; what each number calls its own differs.</summary>
    private static List<Func<CloudNumber, JsonObject>> Write(
        Random random,
        Person person,
        int run,
        DateTimeOffset now
    )
    {
        var script = new List<Func<CloudNumber, JsonObject>>();
        for (var n = 1; n < random.Next(4, 9); n++)
        {
            var id = $"wamid.any.{run}.{n}";
            var at = now.AddMinutes(-60).AddSeconds(n);
            var form = random.Next(2) == 0 ? PersonForm.Phone : PersonForm.Both;
            var text = CloudMessages.Text($"at {n}").At(id, at);
            if (random.Next(3) == 0)
            {
                script.Add(number => number.Change(echoes: [CloudMessages.To(person, text, form)]));
                foreach (var status in random.GetItems(Statuses, random.Next(3)))
                {
                    var told = CloudStatus.Of(id, status, at, person.Phone);
                    if (status == "failed")
                        told.Failed(131026, "Undeliverable");
                    script.Add(number => number.Change(statuses: [told]));
                }
            }
            else
            {
                script.Add(number =>
                    number.Change(
                        [CloudMessages.From(person, text, form)],
                        contacts: [CloudMessages.Contact(person, form)]
                    )
                );
            }
            for (var m = random.Next(3); m > 0; m--)
            {
                var later = at.AddSeconds(10 * m);
                var change = random.Next(4) switch
                {
                    0 => CloudMessages.Edit(id, $"edit {m}"),
                    _ => CloudMessages.Reaction(id, random.GetItems(Emojis, 1)[0]),
                };
                var item = change.At($"{id}.c{m}", later);
                script.Add(number =>
                    number.Change(
                        [CloudMessages.From(person, item, form)],
                        contacts: [CloudMessages.Contact(person, form)]
                    )
                );
            }
        }
        return script;
    }

    private static async Task PostAsync(
        CloudLine line,
        IEnumerable<Func<CloudNumber, JsonObject>> changes
    ) =>
        Assert.Equal(
            0,
            (
                await line.PostAsync(
                    line.Number.Body(changes.Select(change => change(line.Number))),
                    Ct
                )
            ).Quarantined
        );

    private async Task<string> DescribeAsync(CloudLine line, Person person)
    {
        var found = await flowChat.Server.Client.ConversationsAsync(
            Ct,
            $"?instance_id={line.Instance.Id}&q={person.Phone}"
        );
        var conversation = Assert.Single(found.Items);
        var thread = await line.ThreadAsync(conversation.Id, Ct);
        return string.Join(
            '\n',
            thread
                .Select(m =>
                    $"{m.WaId} {m.SentAt:O} {m.Direction} {m.Status} {m.Text} {m.Error?.Code} {m.Error?.Text} [{string.Join(", ", m.Edits)}] [{string.Join(", ", m.Reactions)}]"
                )
                .Append($"last {conversation.LastMessage?.WaId} at {conversation.LastActivityAt:O}")
                .Append($"unread {conversation.UnreadCount}, until {conversation.WindowClosesAt:O}")
                .Append($"{conversation.Contact?.Name} {conversation.Contact?.Phone}")
        );
    }
}
