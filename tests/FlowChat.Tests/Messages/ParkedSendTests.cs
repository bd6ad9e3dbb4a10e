using System.Net.Http.Json;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution;

namespace FlowChat.Tests.Messages;

/// <summary>Sends of a number that isn't connected wait: visibly, at no cost, and not for ever.</summary>
public sealed class ParkedSendTests(SendingFlowChat flowChat) : IClassFixture<SendingFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_closed_numbers_sends_wait_and_go_out_in_order_when_it_opens()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        await using var other = await flowChat.ConnectAsync(Ct);
        var conversation = await number.StartAsync(Ct);
        await number.Fake.ChangeStateAsync("close", statusReason: 428);
        await number.WaitForStateAsync("close", Ct);

        var first = await number.SendAsync(conversation, "um", Ct);
        var second = await number.SendAsync(conversation, "dois", Ct);
        await other.WaitAsync(
            await other.SendAsync(await other.StartAsync(Ct), "Olá", Ct),
            "sent",
            Ct
        );

        Assert.Empty(number.Sends);
        Assert.Equal("queued", (await number.ReadAsync(first, Ct)).Status);
        Assert.Equal(0, (await number.JobAsync(first))!.Attempt);
        await number.Fake.ChangeStateAsync("open");
        await number.WaitAsync(second, "sent", Ct);
        Assert.Equal(["um", "dois"], number.Sends.Select(send => send.Text));
        Assert.Equal(["queued", "sending", "sent"], await number.StatesAsync(first, Ct));
    }

    [Fact]
    public async Task Connection_closed_parks_a_number_that_flowchat_took_for_open()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        await CloseSilentlyAsync(number);

        var message = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);

        // The gateway was asked for the number's state, and the answer is shown.
        await number.WaitForStateAsync("close", Ct);
        Assert.Equal(["queued", "sending", "queued"], await number.StatesAsync(message, Ct));
        Assert.Equal(0, (await number.JobAsync(message))!.Attempt);
        var asked = number.Sends.Count;
        await number.Fake.ChangeStateAsync("open");
        await number.WaitAsync(message, "sent", Ct);
        Assert.Equal((1, 2), (asked, number.Sends.Count));
    }

    [Fact]
    public async Task Connection_closed_by_a_number_that_is_open_leaves_the_outcome_unknown()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        number.Gateway.Script.Next(Reply.Refused(Answer.ConnectionClosed));

        var message = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);

        var unknown = await number.WaitAsync(message, "unknown", Ct);
        Assert.Null(unknown.Error);
    }

    [Fact]
    public async Task A_gateway_without_a_licence_parks_the_number()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        number.Gateway.Script.Always(_ => true, Reply.Refused(Answer.LicenseRequired));

        var message = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);

        await number.WaitForStateAsync("unreachable", Ct);
        Assert.Equal(["queued", "sending", "queued"], await number.StatesAsync(message, Ct));
        Assert.Equal(0, (await number.JobAsync(message))!.Attempt);
        number.Gateway.Script.Clear();
        await number.Fake.ChangeStateAsync("open");
        await number.WaitAsync(message, "sent", Ct);
        Assert.Equal(2, number.Sends.Count);
    }

    [Fact]
    public async Task A_gateway_that_is_away_costs_no_attempt_and_gets_the_message_once_it_is_back()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var conversation = await number.StartAsync(Ct);
        await number.Gateway.StopListeningAsync();

        var message = await number.SendAsync(conversation, "Olá", Ct);

        await number.WaitForStateAsync("unreachable", Ct);
        Assert.Equal(["queued", "sending", "queued"], await number.StatesAsync(message, Ct));
        Assert.Equal(0, (await number.JobAsync(message))!.Attempt);
        // No webhook says that it is back: FlowChat asks by itself.
        await number.Gateway.ListenAsync();
        await number.WaitAsync(message, "sent", Ct);
        Assert.Single(number.Sends);
    }

    [Fact]
    public async Task What_waits_for_a_closed_number_fails_after_its_time()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        await number.Fake.ChangeStateAsync("close", statusReason: 428);
        await number.WaitForStateAsync("close", Ct);
        var message = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);

        await ExpireAsync(number, message);

        var failed = await number.WaitAsync(message, "failed", Ct);
        Assert.Equal("not_connected", failed.Error!.Code);
        Assert.Null(await number.JobAsync(message));
        Assert.Empty(number.Sends);
        // Asked for again, it has a day of its own.
        await flowChat.ResendAsync(message, Ct);
        await number.Fake.ChangeStateAsync("open");
        await number.WaitAsync(message, "sent", Ct);
    }

    [Fact]
    public async Task What_finds_its_number_closed_after_its_time_fails_too()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        await CloseSilentlyAsync(number);
        // A parked number's jobs rest until they expire, also while its state says that it is open.
        await number.ExecuteAsync(
            """
            insert into job_keys (tenant_id, queue, limit_key, parked_until)
            select tenant_id, 'send_message', @Id::text, 'infinity' from instances where id = @Id
            on conflict (tenant_id, queue, limit_key) do update set parked_until = excluded.parked_until
            """,
            new { number.Instance.Id }
        );
        var message = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);

        await ExpireAsync(number, message);

        var failed = await number.WaitAsync(message, "failed", Ct);
        Assert.Equal(
            ("not_connected", "HTTP 400: Error: Connection Closed"),
            (failed.Error!.Code, failed.Error.Text)
        );
        Assert.Single(number.Sends);
        Assert.Null(await number.JobAsync(message));
    }

    [Fact]
    public async Task What_waits_for_a_number_that_is_removed_fails_with_that_reason()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        await number.Fake.ChangeStateAsync("close", statusReason: 401);
        await number.WaitForStateAsync("close", Ct);
        var message = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);

        using var answer = await flowChat.Server.Client.Http.DeleteAsync(
            $"/api/instances/{number.Instance.Id}",
            Ct
        );

        Assert.True(answer.IsSuccessStatusCode);
        var failed = await number.WaitAsync(message, "failed", Ct);
        Assert.Equal("instance_missing", failed.Error!.Code);
        Assert.Contains("Loja Centro was removed", failed.Error.Text, StringComparison.Ordinal);
        Assert.Empty(number.Sends);
        // What comes later is refused at once; what was accepted is still answered.
        var conversation = message.ConversationId;
        using var late = await PostAsync(conversation, "late", "Olá?");
        using var again = await PostAsync(conversation, message.ClientMessageId!, "Olá");
        Assert.Equal((409, 200), ((int)late.StatusCode, (int)again.StatusCode));
        Assert.Contains("was removed", await late.Content.ReadAsStringAsync(Ct));
    }

    private Task<HttpResponseMessage> PostAsync(Guid conversation, string id, string text) =>
        flowChat.Server.Client.Http.PostAsJsonAsync(
            $"/api/conversations/{conversation}/messages",
            new { client_message_id = id, text },
            Ct
        );

    /// <summary>The connection is lost and no webhook tells.</summary>
    private static async Task CloseSilentlyAsync(TestNumber number)
    {
        var webhook = number.Fake.Webhook;
        number.Fake.Webhook = null;
        await number.Fake.ChangeStateAsync("close", statusReason: 428);
        number.Fake.Webhook = webhook;
    }

    private static Task ExpireAsync(TestNumber number, Message message) =>
        number.ExecuteAsync(
            "update jobs set expires_at = now() - interval '1 s' where id = @Id",
            new { message.Id }
        );
}
