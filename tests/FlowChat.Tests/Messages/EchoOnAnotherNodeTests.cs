using Dapper;
using FlowChat.Contacts;
using FlowChat.Gateways;
using FlowChat.Inbound;
using FlowChat.Messages;
using FlowChat.Storage;
using FlowChat.Tests.Storage;

namespace FlowChat.Tests.Messages;

/// <summary>A send is settled here while its echo or its receipt comes in there.</summary>
public sealed class EchoOnAnotherNodeTests(RunningNode one)
    : IClassFixture<RunningNode>,
        IAsyncLifetime
{
    private const string WaId = "3EB0ECHO";
    private static readonly Identity Phone = new(IdentityKind.Phone, "5511987654321");

    private static readonly Guid Token = Guid.CreateVersion7();

    private FlowChatServer _other = null!;
    private WriterTenant _tenant = null!;
    private Guid _sending;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private SendResult Sent => new SendResult.Sent(_tenant.InstanceId, WaId);

    private static SendResult Unknown => new SendResult.Unknown("timeout");

    public async ValueTask InitializeAsync()
    {
        _other = await FlowChatServer.StartAsync(one.ConnectionString, workers: false);
        _tenant = await WriterTenant.CreateAsync(one.Server, Ct);
        await Here(_tenant.Message("0", Phone));
        await using var connection = await one
            .Server.Get<Database>()
            .Migrator.OpenConnectionAsync(Ct);
        _sending = await connection.QuerySingleAsync<Guid>(
            """
            with job as (
              insert into jobs (tenant_id, id, queue, payload, state, due_at, lease_token, lease_until)
              values (@Id, gen_random_uuid(), 'send_message', '{}', 'leased', now(), @Token, now() + interval '1 h')
              returning id
            )
            insert into messages (tenant_id, id, conversation_id, instance_id, direction, type, text, status, sent_at, arrival)
            select c.tenant_id, job.id, c.id, c.instance_id, 'out', 'text', @WaId, 'sending', c.last_activity_at, 2
            from job, conversations c where c.tenant_id = @Id
            returning id
            """,
            new
            {
                WaId,
                _tenant.Id,
                Token,
            }
        );
    }

    public ValueTask DisposeAsync() => _other.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Told_like_a_phones_it_is_one_bubble(bool answerFirst)
    {
        var (answer, echo) = (Finish(Sent), _tenant.Typed(WaId, Phone, MessageStatus.Delivered));

        await (answerFirst ? MeetAsync(answer, echo) : MeetAsync(echo, answer));

        Assert.Equal([(_sending, "delivered")], await OutAsync());
    }

    [Fact]
    public async Task An_echo_that_is_being_held_there_settles_the_send_that_becomes_unknown_here()
    {
        await MeetAsync(_tenant.Echo(WaId, Phone), Finish(Unknown));

        Assert.Equal([(_sending, "sent")], await OutAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_receipt_of_an_echo_that_is_just_matched_is_not_stranded(bool receiptFirst)
    {
        await Here(_tenant.Echo(WaId, Phone));
        var matching = Finish(Unknown);
        var receipt = new ReceiveReceipt(new(_tenant.InstanceId, WaId, MessageStatus.Read, null));

        await (receiptFirst ? MeetAsync(receipt, matching) : MeetAsync(matching, receipt));

        Assert.Equal([(_sending, "read")], await OutAsync());
    }

    private FinishSend Finish(SendResult result) =>
        new(
            _sending,
            result,
            new(_tenant.Id, _sending, SendMessageJob.Queue, Lane: null, Token, Attempt: 1),
            lastAttempt: false,
            expired: false
        );

    private Task<T> Here<T>(TenantChange<T> change) =>
        one.Server.Get<TenantWriter>().WriteAsync(_tenant.Id, change, Ct);

    private async Task MeetAsync<T, TOther>(TenantChange<T> here, TenantChange<TOther> there)
    {
        using var barrier = new Barrier(2);
        await Task.WhenAll(
            Here(new Meeting<T>(here, barrier)),
            _other
                .Get<TenantWriter>()
                .WriteAsync(_tenant.Id, new Meeting<TOther>(there, barrier), Ct)
        );
    }

    /// <summary>What was written on this side; nothing else may be left waiting.</summary>
    private async Task<List<(Guid, string)>> OutAsync()
    {
        await using var connection = await one
            .Server.Get<Database>()
            .Migrator.OpenConnectionAsync(Ct);
        Assert.Equal(
            0,
            await connection.QuerySingleAsync<int>(
                """
                select (select count(*) from early_receipts where tenant_id = @Id)::int
                     + (select count(*) from held_echoes where tenant_id = @Id)::int
                """,
                new { _tenant.Id }
            )
        );
        return
        [
            .. await connection.QueryAsync<(Guid, string)>(
                "select id, status from messages where tenant_id = @Id and direction = 'out'",
                new { _tenant.Id }
            ),
        ];
    }
}
