using FlowChat.Gateways;
using FlowChat.Messages;
using FlowChat.Queues;
using FlowChat.Queues.Postgres;
using FlowChat.Storage;
using FlowChat.Testing.Evolution;
using Npgsql;
using Message = FlowChat.Testing.Api.Message;

namespace FlowChat.Tests.Messages;

/// <summary>A worker that was stopped past its lease wakes up while another has its job.</summary>
public sealed class LostLeaseTests(SendingFlowChat flowChat) : IClassFixture<SendingFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_starts_no_call()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        await number.Fake.ChangeStateAsync("close");
        await number.WaitForStateAsync("close", Ct);
        var message = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);
        await number.ExecuteAsync(
            "update instances set state = 'open' where id = @Id",
            new { number.Instance.Id }
        );

        var error = await Assert.ThrowsAsync<PostgresException>(() =>
            WriteAsync(new StartSend(message.Id, number.Instance.Id, StaleLease(message), false))
        );

        Assert.True(JobLedger.IsLeaseLost(error));
        Assert.Equal("queued", (await number.ReadAsync(message, Ct)).Status);
        Assert.Equal(["queued"], await number.StatesAsync(message, Ct));
    }

    [Fact]
    public async Task Its_answer_settles_nothing_under_the_lease()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var answered = new TaskCompletionSource();
        number.Gateway.Script.Next(Reply.Normal.AnsweredAfter(answered.Task));
        number.Gateway.Echo = new EchoPlan { Copies = 0 };
        var message = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);
        await number.WaitAsync(message, "sending", Ct);
        var sent = new SendResult.Sent(number.Instance.Id, "3EB0STALE");

        var error = await Assert.ThrowsAsync<PostgresException>(() =>
            WriteAsync(
                new FinishSend(
                    message.Id,
                    sent,
                    StaleLease(message),
                    lastAttempt: false,
                    expired: false
                )
            )
        );

        Assert.True(JobLedger.IsLeaseLost(error));
        Assert.Equal("sending", (await number.ReadAsync(message, Ct)).Status);
        Assert.Equal("leased", (await number.JobAsync(message))!.State);
        answered.SetResult();
        var settled = await number.WaitAsync(message, "sent", Ct);
        Assert.Equal(number.Gateway.Sent.All.Single().Id, settled.WaId);
    }

    [Fact]
    public async Task What_it_learned_is_kept_although_another_worker_called_the_outcome_unknown()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        number.Gateway.Echo = new EchoPlan { Copies = 0 };
        var answered = new TaskCompletionSource();
        number.Gateway.Script.Next(Reply.Normal.AnsweredAfter(answered.Task));
        var message = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);
        await number.WaitAsync(message, "sending", Ct);

        // What its rescuer and the next worker do, while the first one still waits for its answer.
        await number.ExecuteAsync(
            """
            update jobs set state = 'available', lease_token = null, lease_until = null, worker = null, due_at = now()
            where id = @Id
            """,
            new { message.Id }
        );
        await number.WaitAsync(message, "unknown", Ct);
        answered.SetResult();

        var settled = await number.WaitAsync(message, "sent", Ct);
        Assert.Equal(number.Gateway.Sent.All.Single().Id, settled.WaId);
        Assert.Single(number.Sends);
        Assert.Single(await number.ThreadAsync(message.ConversationId, Ct));
        await number.WaitAsync(
            await number.SendAsync(await number.StartAsync(Ct), "Depois", Ct),
            "sent",
            Ct
        );
    }

    private JobLease StaleLease(Message message) =>
        new(
            flowChat.TenantId,
            message.Id,
            SendMessageJob.Queue,
            message.ConversationId.ToString(),
            Guid.CreateVersion7(),
            Attempt: 1
        );

    private Task<T> WriteAsync<T>(TenantChange<T> change) =>
        flowChat.Server.Get<TenantWriter>().WriteAsync(flowChat.TenantId, change, Ct);
}
