using System.Net.Http.Json;
using FlowChat.Testing.Api;
using FlowChat.Testing.Cloud;
using FlowChat.Testing.Cloud.Payloads;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Cloud;

/// <summary>What Meta would refuse as too much isn't tried.</summary>
public sealed class CloudPaceTests(CloudFlowChat flowChat) : IClassFixture<CloudFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_burst_to_one_person_goes_out_and_then_the_conversation_waits_in_its_order()
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        var conversation = await line.OpenAsync(Ct);
        var other = await line.OpenAsync(Ct, person: 2);
        // All but two of the loan are used up.
        await PaceAsync(line, conversation, 43 * 6);

        var messages = new List<Message>();
        foreach (var text in new[] { "1", "2", "3", "4" })
            messages.Add(await line.SendAsync(conversation, new { Text = text }, Ct));
        await line.WaitAsync(messages[1], "sent", Ct);
        var waits = await line.WaitForJobAsync(messages[2], "WhatsApp takes no more", Ct);
        await line.WaitAsync(await line.SendAsync(other, new { Text = "B" }, Ct), "sent", Ct);

        Assert.InRange(waits.Wait, TimeSpan.Zero, TimeSpan.FromSeconds(6));
        Assert.Equal(0, waits.Attempt);
        var held = await line.ReadAsync(messages[2], Ct);
        Assert.Equal(("queued", "pair_pace"), (held.Status, held.Error?.Code));
        Assert.Null((await line.ReadAsync(messages[3], Ct)).Error);
        // Some time later.
        await PaceAsync(line, conversation, 0);
        await line.ExecuteAsync(
            "update jobs set due_at = now() where id = @Id",
            new { messages[2].Id }
        );
        await line.WaitAsync(messages[3], "sent", Ct);
        Assert.Null((await line.ReadAsync(messages[2], Ct)).Error);
        Assert.Equal(
            ["1", "2", "3", "4"],
            line.Meta.Sent.All.Where(sent => sent.Text != "B").Select(sent => sent.Text)
        );
    }

    [Fact]
    public async Task A_number_sends_no_more_in_a_second_than_its_row_says()
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        await SetRateAsync(line, 2);
        var messages = new List<Message>();
        for (var person = 1; person <= 4; person++)
        {
            var conversation = await line.OpenAsync(Ct, person);
            messages.Add(await line.SendAsync(conversation, new { Text = $"{person}" }, Ct));
        }
        foreach (var message in messages)
            await line.WaitAsync(message, "sent", Ct);

        var times = line.Sends.Select(request => request.At).ToList();
        Assert.Equal(4, times.Count);
        // Whatever three of them: never three within a second.
        Assert.All(
            times.Zip(times.Skip(2)),
            pair => Assert.True(pair.Second - pair.First >= TimeSpan.FromSeconds(0.99), $"{pair}")
        );
    }

    [Fact]
    public async Task A_number_sends_to_many_at_once_and_never_more_in_a_second_than_its_rate()
    {
        const int People = 100,
            Rate = 40;
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        await SetRateAsync(line, Rate);
        await line.PostAsync(
            line.Number.Body(Enumerable.Range(1, People).Select(n => HeardFrom(line, n))),
            Ct
        );
        var conversations = await flowChat.Server.Client.ConversationsAsync(
            Ct,
            $"?instance_id={line.Instance.Id}&limit={People}"
        );
        line.Meta.Script.Always(
            Reply.Normal.After(TimeSpan.FromMilliseconds(100), TimeProvider.System)
        );

        await Task.WhenAll(
            conversations.Items.Select(one => line.SendAsync(one, new { Text = "Olá" }, Ct))
        );
        await line.Meta.Sent.WaitAsync(People, _ => true, Ct);

        var times = line.Sends.Select(request => request.At).Order().ToList();
        // One after the other they would be ten in a second.
        Assert.InRange((People - 1) / (times[^1] - times[0]).TotalSeconds, 15, Rate);
        Assert.All(
            times.Zip(times.Skip(Rate)),
            pair => Assert.True(pair.Second - pair.First >= TimeSpan.FromSeconds(1), $"{pair}")
        );
    }

    [Fact]
    public async Task Other_gateways_have_no_pace()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var conversation = await number.StartAsync(Ct);

        await number.WaitAsync(await number.SendAsync(conversation, "1", Ct), "sent", Ct);

        Assert.Equal(0, await PacedAsync(number, conversation));
    }

    private async Task SetRateAsync(CloudLine line, int sendsPerSecond)
    {
        using var patched = await flowChat.Server.Client.Http.PatchAsJsonAsync(
            $"/api/instances/{line.Instance.Id}",
            new { sendsPerSecond },
            FlowChatClient.Json,
            Ct
        );
        patched.EnsureSuccessStatusCode();
    }

    private static System.Text.Json.Nodes.JsonObject HeardFrom(CloudLine line, int person) =>
        line.Number.Change(
            [
                CloudMessages.From(
                    Person.Number(person),
                    CloudMessages.Text("Oi").At(FakeCloud.NewId(), line.Now),
                    PersonForm.Phone
                ),
            ],
            contacts: [CloudMessages.Contact(Person.Number(person), PersonForm.Phone)]
        );

    private static Task PaceAsync(CloudLine line, Conversation conversation, int seconds) =>
        line.ExecuteAsync(
            "update conversations set paced_until = now() + make_interval(secs => @seconds) where id = @Id",
            new { seconds, conversation.Id }
        );

    private async Task<long> PacedAsync(TestNumber number, Conversation conversation)
    {
        await using var command = flowChat
            .Server.Get<FlowChat.Storage.Database>()
            .Migrator.CreateCommand(
                "select count(*) from conversations c join instances i on i.id = c.instance_id where c.id = $1 and (c.paced_until is not null or i.paced_until is not null) and i.id = $2"
            );
        command.Parameters.Add(new() { Value = conversation.Id });
        command.Parameters.Add(new() { Value = number.Instance.Id });
        return (long)(await command.ExecuteScalarAsync(Ct))!;
    }
}
