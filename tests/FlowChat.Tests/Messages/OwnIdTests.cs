using System.Text.Json.Nodes;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Messages;

/// <summary>A gateway that takes the id of a message: in doubt its send is repeated under the same one, and reaches nobody twice.</summary>
public sealed class OwnIdTests(SendingFlowChat flowChat) : IClassFixture<SendingFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_lost_reply_is_repeated_under_the_same_id_and_delivered_once()
    {
        await using var number = await flowChat.ConnectMuteReleaseAsync("2.4.0", Ct, Reply.Lost);

        var message = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);

        var sent = await number.WaitAsync(message, "sent", Ct);
        Assert.Equal(2, number.Sends.Count);
        Assert.Equal([sent.WaId!, sent.WaId!], number.Sends.Select(IdOf));
        Assert.Matches("^3EB0[0-9A-F]{18}$", sent.WaId);
        Assert.Equal(sent.WaId, Assert.Single(number.Gateway.Sent.All).Id);
        Assert.Null(await number.JobAsync(message));
        Assert.Equal(
            ["queued", "sending", "unknown", "sending", "sent"],
            await number.StatesAsync(message, Ct)
        );
    }

    [Fact]
    public async Task What_never_arrived_is_repeated_too_and_after_the_last_attempt_the_agent_decides()
    {
        await using var number = await flowChat.ConnectMuteReleaseAsync("2.4.0", Ct);
        number.Gateway.Script.Always(Reply.Dropped);
        var message = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);

        for (var attempt = 1; attempt < 5; attempt++)
        {
            await number.WaitForSendsAsync(attempt, Ct);
            await number.WaitForJobAsync(message, job => job?.State == "available", Ct);
            await number.EndWaitAsync(message);
        }
        await number.WaitForSendsAsync(5, Ct);
        await number.WaitForJobAsync(message, job => job is null, Ct);

        var shown = await number.ReadAsync(message, Ct);
        Assert.Equal(("unknown", null), (shown.Status, shown.WaId));
        Assert.Single(number.Sends.Select(IdOf).Distinct());
        number.Gateway.Script.Clear();
        await flowChat.ResendAsync(message, Ct);
        var sent = await number.WaitAsync(message, "sent", Ct);
        Assert.Equal(IdOf(number.Sends[0]), sent.WaId);
        Assert.Single(number.Gateway.Sent.All);
    }

    [Fact]
    public async Task What_a_repeat_proves_of_itself_says_nothing_of_the_call_before_it()
    {
        await using var number = await flowChat.ConnectMuteReleaseAsync(
            "2.4.0",
            Ct,
            Reply.Lost,
            Reply.Refused(Answer.Error(503, new JsonArray("Busy"))),
            Reply.Refused(Answer.NotOnWhatsApp(Person.Number(1).Phone))
        );

        var message = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);
        await number.WaitForSendsAsync(3, Ct);
        await number.WaitForJobAsync(message, job => job is null, Ct);

        Assert.Equal(
            ["queued", "sending", "unknown", "sending", "unknown", "sending", "unknown"],
            await number.StatesAsync(message, Ct)
        );
        Assert.Equal(3, number.Sends.Count);
    }

    [Fact]
    public async Task A_poll_has_an_id_and_a_place_has_none()
    {
        await using var number = await flowChat.ConnectReleaseAsync("2.4.0", Ct);
        var conversation = await number.StartAsync(Ct);

        var poll = await PostAsync(
            conversation,
            new()
            {
                ["poll"] = new JsonObject
                {
                    ["question"] = "Hoje?",
                    ["options"] = new JsonArray("Sim", "Não"),
                    ["selectable_count"] = 1,
                },
            }
        );
        var place = await PostAsync(
            conversation,
            new()
            {
                ["location"] = new JsonObject { ["latitude"] = 1, ["longitude"] = 2 },
            }
        );

        var sent = await number.WaitAsync(poll, "sent", Ct);
        await number.WaitAsync(place, "sent", Ct);
        Assert.Equal(
            [sent.WaId, null],
            number.Sends.Select(send => (string?)send.Body!["messageId"])
        );
    }

    [Fact]
    public async Task The_echo_settles_it_before_the_answer_comes()
    {
        await using var number = await flowChat.ConnectReleaseAsync("2.4.0", Ct);
        var never = new TaskCompletionSource();
        number.Gateway.Script.Next(Reply.Lost.AnsweredAfter(never.Task));
        var message = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);

        var sent = await number.WaitAsync(message, "sent", Ct);
        never.SetResult();
        await number.WaitForJobAsync(message, job => job is null, Ct);

        Assert.Equal(number.Gateway.Sent.All.Single().Id, sent.WaId);
        Assert.Single(number.Sends);
        Assert.Single(await number.ThreadAsync(message.ConversationId, Ct));
        Assert.Equal(["queued", "sending", "sent"], await number.StatesAsync(message, Ct));
    }

    [Fact]
    public async Task What_another_program_sent_with_the_same_words_does_not_settle_it()
    {
        var answered = new TaskCompletionSource();
        await using var number = await flowChat.ConnectMuteReleaseAsync(
            "2.4.0",
            Ct,
            Reply.Dropped,
            Reply.Normal.After(answered.Task)
        );
        var message = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);
        await number.WaitAsync(message, "unknown", Ct);
        var other = new TextMessage(number.Fake.Number, Person.Number(1), "Olá")
        {
            Event = "send.message",
            FromMe = true,
            SentAt = number.Now,
        };

        await number.Fake.PostAsync(other.ToEnvelope());
        answered.SetResult();

        var sent = await number.WaitAsync(message, "sent", Ct);
        Assert.Equal(number.Gateway.Sent.All.Single().Id, sent.WaId);
        Assert.NotEqual(other.Id, sent.WaId);
        await number.WaitAsync(live => live.Message?.WaId == other.Id, Ct);
    }

    [Fact]
    public async Task Away_in_between_it_waits_as_unknown_and_is_repeated_once_it_is_back()
    {
        await using var number = await flowChat.ConnectMuteReleaseAsync("2.4.0", Ct, Reply.Lost);
        var message = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);
        await number.WaitAsync(message, "unknown", Ct);

        await number.Fake.ChangeStateAsync("close");
        await number.WaitForStateAsync("close", Ct);
        var closed = await number.LastSeqAsync(Ct);
        await number.Fake.ChangeStateAsync("open");
        await number.WaitForStateAsync("open", Ct, closed);

        await number.WaitAsync(message, "sent", Ct);
        Assert.Single(number.Gateway.Sent.All);
        Assert.DoesNotContain("queued", (await number.StatesAsync(message, Ct)).Skip(1));
    }

    private static string IdOf(RecordedRequest send) => (string)send.Body!["messageId"]!;

    private Task<Message> PostAsync(Conversation conversation, JsonObject body)
    {
        body["client_message_id"] = Guid.CreateVersion7().ToString();
        return flowChat.Server.Client.PostAsync<Message>(
            $"/api/conversations/{conversation.Id}/messages",
            body,
            Ct
        );
    }
}
