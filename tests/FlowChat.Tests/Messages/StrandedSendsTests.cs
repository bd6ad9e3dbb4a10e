using Dapper;
using FlowChat.Messages;
using FlowChat.Storage;
using FlowChat.Testing.Evolution.Payloads;
using Microsoft.Extensions.DependencyInjection;
using Message = FlowChat.Testing.Api.Message;

namespace FlowChat.Tests.Messages;

/// <summary>What no worker comes back to: here none runs.</summary>
public sealed class StrandedSendsTests(SendingFlowChat.WithoutWorkers inbox)
    : IClassFixture<SendingFlowChat.WithoutWorkers>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private StrandedSends Duty =>
        ActivatorUtilities.CreateInstance<StrandedSends>(inbox.Server.Services);

    [Theory]
    [InlineData("queued", "failed")]
    [InlineData("sending", "unknown")]
    public async Task A_message_learns_that_its_job_is_dead(string was, string becomes)
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var message = await DieAsync(number, was);

        await Duty.BuryAsync(Ct);

        Assert.Equal(becomes, (await number.ReadAsync(message, Ct)).Status);
        await number.WaitAsync(message, becomes, Ct);
    }

    [Fact]
    public async Task One_that_was_sent_again_meanwhile_is_left_alone()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var message = await DieAsync(number, "unknown");
        // Found dead by the duty, and then resent before its change is written.
        await inbox.ResendAsync(message, Ct);

        var buried = await inbox
            .Server.Get<TenantWriter>()
            .WriteAsync(inbox.TenantId, new BurySend(message.Id), Ct);

        Assert.False(buried);
        Assert.Equal("queued", (await number.ReadAsync(message, Ct)).Status);
        Assert.Equal("available", (await number.JobAsync(message))!.State);
    }

    [Fact]
    public async Task Many_share_their_commits()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var conversation = await number.StartAsync(Ct);
        var messages = await Task.WhenAll(
            Enumerable.Range(0, 40).Select(i => number.SendAsync(conversation, $"{i}", Ct))
        );
        await KillJobsAsync(number, messages);

        await Duty.BuryAsync(Ct);

        await using var connection = await inbox
            .Server.Get<Database>()
            .Migrator.OpenConnectionAsync(Ct);
        var (failed, commits) = await connection.QuerySingleAsync<(int, int)>(
            """
            select count(*)::int, count(distinct xmin::text)::int from messages
            where conversation_id = @Id and status = 'failed'
            """,
            new { conversation.Id }
        );
        Assert.Equal(40, failed);
        Assert.InRange(commits, 1, 4);
    }

    [Fact]
    public async Task An_echo_that_waits_for_a_send_whose_job_is_dead_comes_out_after_a_minute()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var message = await DieAsync(number, "sending");
        await Duty.BuryAsync(Ct);
        var typed = new TextMessage(number.Fake.Number, Person.Number(1), "Já ligo")
        {
            FromMe = true,
            SentAt = number.Now,
        };
        await number.Fake.PostAsync(typed.ToEnvelope());
        await Duty.ReleaseAsync(Ct);
        Assert.Single(await number.ThreadAsync(message.ConversationId, Ct));

        await number.EndHoldAsync(message);
        await Duty.ReleaseAsync(Ct);

        Assert.Equal(
            [(message.Id, "unknown"), (await IdAsync(number, typed), "sent")],
            (await number.ThreadAsync(message.ConversationId, Ct)).Select(m => (m.Id, m.Status))
        );
    }

    private static async Task<Guid> IdAsync(TestNumber number, TextMessage typed) =>
        (await number.WaitAsync(live => live.Message?.WaId == typed.Id, Ct)).Message!.Id;

    /// <summary>A message whose worker died in this state, once too often.</summary>
    private static async Task<Message> DieAsync(TestNumber number, string status)
    {
        var message = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);
        await number.ExecuteAsync(
            "update messages set status = @status, unknown_at = case @status when 'unknown' then now() end where id = @Id",
            new { status, message.Id }
        );
        await KillJobsAsync(number, message);
        return message;
    }

    private static Task KillJobsAsync(TestNumber number, params Message[] messages) =>
        number.ExecuteAsync(
            "update jobs set state = 'dead', dead_at = now() where id = any(@ids)",
            new { ids = messages.Select(message => message.Id).ToArray() }
        );
}
