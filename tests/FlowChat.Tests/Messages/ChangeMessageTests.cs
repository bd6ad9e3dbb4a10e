using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FlowChat.Messages.Changes;
using FlowChat.Storage;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;
using Message = FlowChat.Testing.Api.Message;

namespace FlowChat.Tests.Messages;

/// <summary>Agents react to messages, edit and delete them; it shows once WhatsApp has it.</summary>
public sealed class ChangeMessageTests(SendingFlowChat flowChat) : IClassFixture<SendingFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reaction_to_what_a_contact_wrote()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var ana = Person.Number(1);
        await number.Fake.ReceiveAsync(ana, "Obrigada", "3EB0THANKS");
        var message = (await number.WaitAsync(e => e.Message?.WaId == "3EB0THANKS", Ct)).Message!;

        var asked = await ChangeAsync(HttpMethod.Put, message, "/reaction", new { Emoji = "❤️" });
        Assert.Equal(
            ("reaction", "❤️", "queued"),
            (asked.Change!.Kind, asked.Change.Text, asked.Change.State)
        );
        var shown = await WaitAsync(number, message, m => m.Reactions.Count == 1);

        Assert.Equal(("❤️", "user"), (shown.Reactions[0].Emoji, shown.Reactions[0].By.Kind));
        Assert.Null(shown.Change);
        var request = number.Gateway.Requests.All.Single(r =>
            r.Path.Contains("sendReaction", StringComparison.Ordinal)
        );
        var expected = new JsonObject
        {
            ["key"] = new JsonObject
            {
                ["id"] = "3EB0THANKS",
                ["remoteJid"] = ana.PhoneJid,
                ["fromMe"] = false,
            },
            ["reaction"] = "❤️",
        };
        Assert.True(JsonNode.DeepEquals(expected, request.Body), request.Body!.ToJsonString());

        await ChangeAsync(HttpMethod.Delete, message, "/reaction", null);
        await WaitAsync(
            number,
            message,
            m => m.Reactions.Count == 0 && m.Version > shown.Version && m.Change is null
        );
    }

    [Fact]
    public async Task An_edit_of_what_was_sent()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var message = await SentAsync(number, "Chego as 10");

        await ChangeAsync(HttpMethod.Patch, message, "", new { Text = "Chego às 10" });
        var shown = await WaitAsync(number, message, m => m.EditedAt is not null);

        Assert.Equal("Chego às 10", shown.Text);
        Assert.Equal("Chego as 10", Assert.Single(shown.Edits).Text);
    }

    [Fact]
    public async Task A_deletion_for_everyone()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var message = await SentAsync(number, "Engano");

        await ChangeAsync(HttpMethod.Delete, message, "", null);
        var shown = await WaitAsync(number, message, m => m.DeletedAt is not null);

        Assert.Null(shown.Text);
        var request = number.Gateway.Requests.All.Single(r => r.Method == "DELETE");
        Assert.Equal("/chat/deleteMessageForEveryone/loja", request.Path);
        Assert.True(request.Body!["fromMe"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_gateway_that_fails_once_is_asked_again()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var message = await SentAsync(number, "Chego as 10");
        number.Gateway.Script.Next(
            request => request.Path.Contains("updateMessage", StringComparison.Ordinal),
            Reply.Refused(Answer.Error(400, new JsonArray("Error: timed out")))
        );

        await ChangeAsync(HttpMethod.Patch, message, "", new { Text = "Chego às 10" });

        await WaitAsync(number, message, m => m.EditedAt is not null);
    }

    [Fact]
    public async Task What_the_gateway_refuses_is_told_and_nothing_changes()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var message = await SentAsync(number, "Chego as 10");
        number.Gateway.Script.Next(
            request => request.Path.Contains("updateMessage", StringComparison.Ordinal),
            Reply.Refused(Answer.Error(422, "Message too old"))
        );

        await ChangeAsync(HttpMethod.Patch, message, "", new { Text = "Chego às 10" });
        var shown = await WaitAsync(number, message, m => m.Change?.State == "failed");

        Assert.Equal("Chego as 10", shown.Text);
        Assert.Contains("Message too old", shown.Change!.Error!.Text, StringComparison.Ordinal);

        for (var times = 0; times < 2; times++)
        {
            using var given = await TryChangeAsync(HttpMethod.Delete, message, "/change", null);
            Assert.Equal(HttpStatusCode.OK, given.StatusCode);
        }
        var after = await WaitAsync(
            number,
            message,
            m => m.Change is null && m.Version > shown.Version
        );
        Assert.Equal(("Chego as 10", null), (after.Text, after.EditedAt));
        // The second found nothing to give up: no event told of it.
        var now = await number.ThreadAsync(message.ConversationId, Ct);
        Assert.Equal(after.Version, now.Single().Version);
    }

    [Fact]
    public async Task What_is_on_its_way_cannot_be_given_up()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var message = await SentAsync(number, "Chego as 10");
        var held = new TaskCompletionSource();
        number.Gateway.Script.Next(
            request => request.Path.Contains("updateMessage", StringComparison.Ordinal),
            Reply.Normal.After(held.Task)
        );
        await ChangeAsync(HttpMethod.Patch, message, "", new { Text = "Chego às 10" });

        using var given = await TryChangeAsync(HttpMethod.Delete, message, "/change", null);
        using var missing = await TryChangeAsync(
            HttpMethod.Delete,
            message with
            {
                Id = Guid.CreateVersion7(),
            },
            "/change",
            null
        );
        held.SetResult();

        Assert.Equal(
            (HttpStatusCode.Conflict, HttpStatusCode.NotFound),
            (given.StatusCode, missing.StatusCode)
        );
        await WaitAsync(number, message, m => m.Text == "Chego às 10");
    }

    [Fact]
    public async Task A_change_of_another_kind_waits_for_its_turn_and_takes_nobodys_place()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var message = await SentAsync(number, "Chego as 10");
        await number.Fake.ChangeStateAsync("close");
        await number.WaitAsync(e => e.Instance?.State == "close", Ct);
        await ChangeAsync(HttpMethod.Patch, message, "", new { Text = "Chego às 10" });

        using var react = await TryChangeAsync(
            HttpMethod.Put,
            message,
            "/reaction",
            new { Emoji = "👍" }
        );
        await ChangeAsync(HttpMethod.Patch, message, "", new { Text = "Chego às 11" });
        await number.Fake.ChangeStateAsync("open");

        Assert.Equal(HttpStatusCode.Conflict, react.StatusCode);
        Assert.Contains("on its way", await react.Content.ReadAsStringAsync(Ct));
        await WaitAsync(number, message, m => m is { Text: "Chego às 11", Change: null });
    }

    [Fact]
    public async Task An_edit_that_waited_too_long_for_its_number_is_not_sent()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var message = await SentAsync(number, "Chego as 10");
        await number.Fake.ChangeStateAsync("close");
        await number.WaitAsync(e => e.Instance?.State == "close", Ct);
        await ChangeAsync(HttpMethod.Patch, message, "", new { Text = "Chego às 10" });
        await ExecuteAsync(
            "update messages set sent_at = sent_at - interval '16 minutes' where id = $1",
            message.Id
        );
        await number.Fake.ChangeStateAsync("open");

        var shown = await WaitAsync(number, message, m => m.Change?.State == "failed");

        Assert.Contains("15 minutes", shown.Change!.Error!.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(
            number.Gateway.Requests.All,
            r => r.Path.Contains("updateMessage", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_change_whose_number_is_removed_fails_and_says_so()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var message = await SentAsync(number, "Chego as 10");
        await number.Fake.ChangeStateAsync("close");
        await number.WaitAsync(e => e.Instance?.State == "close", Ct);
        await ChangeAsync(HttpMethod.Patch, message, "", new { Text = "Chego às 10" });

        using var removed = await flowChat.Server.Client.Http.DeleteAsync(
            $"/api/instances/{number.Instance.Id}",
            Ct
        );

        Assert.True(removed.IsSuccessStatusCode);
        var shown = await WaitAsync(number, message, m => m.Change?.State == "failed");
        Assert.Equal("number_removed", shown.Change!.Error!.Code);
    }

    [Fact]
    public async Task A_change_whose_job_is_dead_is_told_as_failed()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var message = await SentAsync(number, "Chego as 10");
        await number.Fake.ChangeStateAsync("close");
        await number.WaitAsync(e => e.Instance?.State == "close", Ct);
        var change = await ChangeAsync(HttpMethod.Delete, message, "", null);
        await ExecuteAsync(
            "update jobs set state = 'dead', dead_at = now() where id = $1",
            change.Change!.Id
        );

        await flowChat.Server.Get<StrandedChanges>().RunOnceAsync(Ct);

        var shown = await WaitAsync(number, message, m => m.Change?.State == "failed");
        Assert.Null(shown.DeletedAt);
    }

    [Fact]
    public async Task What_a_contact_wrote_is_not_ours_to_edit_or_delete()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        await number.Fake.ReceiveAsync(Person.Number(1), "Oi", "3EB0HELLO");
        var message = (await number.WaitAsync(e => e.Message?.WaId == "3EB0HELLO", Ct)).Message!;

        using var edit = await TryChangeAsync(HttpMethod.Patch, message, "", new { Text = "Olá" });
        using var delete = await TryChangeAsync(HttpMethod.Delete, message, "", null);
        using var react = await TryChangeAsync(
            HttpMethod.Put,
            message,
            "/reaction",
            new { Emoji = "ok" }
        );

        Assert.Equal(
            (HttpStatusCode.Conflict, HttpStatusCode.Conflict, HttpStatusCode.BadRequest),
            (edit.StatusCode, delete.StatusCode, react.StatusCode)
        );
        Assert.Contains(
            "\"code\":\"not_ours\"",
            await edit.Content.ReadAsStringAsync(Ct),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_digit_on_a_keycap_is_an_emoji_and_a_bare_one_is_none()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        await number.Fake.ReceiveAsync(Person.Number(1), "De 0 a 9?", "3EB0DIGIT");
        var message = (await number.WaitAsync(e => e.Message?.WaId == "3EB0DIGIT", Ct)).Message!;
        var answers = new List<(string, HttpStatusCode)>();

        foreach (var emoji in (string[])["9️⃣", "9⃣", "#️⃣", "9", "9️⃣9", "a️"])
        {
            using var answer = await TryChangeAsync(
                HttpMethod.Put,
                message,
                "/reaction",
                new { Emoji = emoji }
            );
            answers.Add((emoji, answer.StatusCode));
        }

        Assert.Equal(
            [
                ("9️⃣", HttpStatusCode.Accepted),
                ("9⃣", HttpStatusCode.Accepted),
                ("#️⃣", HttpStatusCode.Accepted),
                ("9", HttpStatusCode.BadRequest),
                ("9️⃣9", HttpStatusCode.BadRequest),
                ("a️", HttpStatusCode.BadRequest),
            ],
            answers
        );
    }

    [Fact]
    public async Task The_other_side_sees_that_somebody_types()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var conversation = await number.StartAsync(Ct);

        using var shown = await flowChat.Server.Client.Http.PostAsync(
            $"/api/conversations/{conversation.Id}/typing",
            null,
            Ct
        );
        using var missing = await flowChat.Server.Client.Http.PostAsync(
            $"/api/conversations/{Guid.CreateVersion7()}/typing",
            null,
            Ct
        );

        Assert.Equal(
            (HttpStatusCode.NoContent, HttpStatusCode.NotFound),
            (shown.StatusCode, missing.StatusCode)
        );
        var request = await number.Gateway.Requests.WaitAsync(
            r => r.Path == "/chat/sendPresence/loja",
            Ct
        );
        Assert.Equal("composing", (string)request.Body!["presence"]!);
    }

    private async Task ExecuteAsync(string sql, Guid id)
    {
        await using var command = flowChat.Server.Get<Database>().Migrator.CreateCommand(sql);
        command.Parameters.Add(new() { Value = id });
        Assert.Equal(1, await command.ExecuteNonQueryAsync(Ct));
    }

    private static async Task<Message> SentAsync(TestNumber number, string text)
    {
        var message = await number.SendAsync(await number.StartAsync(Ct), text, Ct);
        return await number.WaitAsync(message, "sent", Ct);
    }

    private static async Task<Message> WaitAsync(
        TestNumber number,
        Message message,
        Func<Message, bool> matches
    ) =>
        (
            await number.WaitAsync(
                live => live.Message is { } now && now.Id == message.Id && matches(now),
                Ct
            )
        ).Message!;

    private async Task<Message> ChangeAsync(
        HttpMethod method,
        Message message,
        string path,
        object? body
    )
    {
        using var response = await TryChangeAsync(method, message, path, body);
        Assert.True(
            response.StatusCode == HttpStatusCode.Accepted,
            await response.Content.ReadAsStringAsync(Ct)
        );
        return (await response.Content.ReadFromJsonAsync<Message>(FlowChatClient.Json, Ct))!;
    }

    private async Task<HttpResponseMessage> TryChangeAsync(
        HttpMethod method,
        Message message,
        string path,
        object? body
    )
    {
        using var request = new HttpRequestMessage(method, $"/api/messages/{message.Id}{path}")
        {
            Content = body is null ? null : JsonContent.Create(body, options: FlowChatClient.Json),
        };
        return await flowChat.Server.Client.Http.SendAsync(request, Ct);
    }
}
