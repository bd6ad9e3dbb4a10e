using Dapper;
using FlowChat.Contacts;
using FlowChat.Conversations;
using FlowChat.Groups;
using FlowChat.Inbound;
using FlowChat.Messages;
using FlowChat.Storage;
using Npgsql;

namespace FlowChat.Tests.Storage;

/// <summary>Two nodes write at once: both have read the database before either writes.</summary>
public sealed class TwoNodesTests(RunningNode one) : IClassFixture<RunningNode>, IAsyncLifetime
{
    private static readonly Identity Phone = new(IdentityKind.Phone, "5511987654321");
    private static readonly Identity Lid = new(IdentityKind.Lid, "184467231056732");

    private FlowChatServer _other = null!;
    private WriterTenant _tenant = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _other = await FlowChatServer.StartAsync(one.ConnectionString, workers: false);
        _tenant = await WriterTenant.CreateAsync(one.Server, Ct);
    }

    public ValueTask DisposeAsync() => _other.DisposeAsync();

    [Fact]
    public async Task A_new_contact_is_made_once()
    {
        var answers = await MeetAsync(_tenant.Message("1", Phone), _tenant.Message("2", Phone));

        Assert.Equal([Received.Accepted, Received.Accepted], answers);
        Assert.Equal((1, 1, 2, 2), await CountAsync());
    }

    [Fact]
    public async Task A_new_contact_under_two_addresses_is_made_once()
    {
        var answers = await MeetAsync(
            _tenant.Message("1", Phone, Lid),
            _tenant.Message("2", Lid, Phone)
        );

        Assert.Equal([Received.Accepted, Received.Accepted], answers);
        Assert.Equal((1, 1, 2, 2), await CountAsync());
    }

    [Fact]
    public async Task A_new_address_of_a_contact_is_added_once()
    {
        await WriteAsync(_tenant.Message("0", Phone));

        await MeetAsync(_tenant.Message("1", Phone, Lid), _tenant.Message("2", Phone, Lid));

        Assert.Equal((1, 1, 3, 3), await CountAsync());
    }

    [Fact]
    public async Task Two_contacts_that_turn_out_to_be_one_are_joined_once()
    {
        await WriteAsync(_tenant.Message("0", Phone));
        await WriteAsync(_tenant.Message("1", Lid));

        await MeetAsync(_tenant.Message("2", Phone, Lid), _tenant.Message("3", Lid, Phone));

        Assert.Equal((1, 1, 4, 4), await CountAsync());
    }

    [Fact]
    public async Task A_chain_of_three_contacts_becomes_one()
    {
        var newPhone = new Identity(IdentityKind.Phone, "5511912345678");
        await WriteAsync(_tenant.Message("0", Phone));
        await WriteAsync(_tenant.Message("1", Lid));
        await WriteAsync(_tenant.Message("2", newPhone));

        await MeetAsync(_tenant.Message("3", Phone, Lid), _tenant.Message("4", newPhone, Lid));

        Assert.Equal((1, 1, 5, 5), await CountAsync());
    }

    [Fact]
    public async Task A_message_finds_its_contact_though_another_node_is_just_joining_it()
    {
        await WriteAsync(_tenant.Message("0", Phone));
        await WriteAsync(_tenant.Message("1", Lid));

        await MeetAsync(_tenant.Message("2", Phone, Lid), _tenant.Message("3", Lid));

        Assert.Equal((1, 1, 4, 4), await CountAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_change_that_waits_for_a_join_finds_the_kept_conversation()
    {
        await WriteAsync(_tenant.Message("0", Phone));
        await WriteAsync(_tenant.Message("1", Lid));
        await using var connection = await one
            .Server.Get<Database>()
            .Migrator.OpenConnectionAsync(Ct);
        var gone = await connection.QuerySingleAsync<Guid>(
            "select conversation_id from messages where tenant_id = @Id and wa_id = '1'",
            new { _tenant.Id }
        );
        // The join stops before its commit, with all of its locks.
        await connection.ExecuteAsync(
            """
            create function stop_join() returns trigger language plpgsql as
              $$ begin perform pg_advisory_xact_lock(42); return old; end $$;
            create trigger stop_join before delete on contacts for each row execute function stop_join();
            select pg_advisory_lock(42)
            """
        );
        var joining = WriteAsync(_tenant.Message("2", Phone, Lid));
        await UntilBlockedAsync(1);
        var reading = _other
            .Get<TenantWriter>()
            .WriteAsync(_tenant.Id, new ReadConversation(gone), Ct);
        await UntilBlockedAsync(2);

        await connection.ExecuteAsync("select pg_advisory_unlock(42)");

        Assert.True(await reading);
        await joining;
        await connection.ExecuteAsync("drop function stop_join cascade");
    }

    [Fact]
    public async Task A_new_groups_conversation_is_made_once()
    {
        await MeetAsync(
            _tenant.InGroup("1", "120363025246125486@g.us", Phone),
            _tenant.InGroup("2", "120363025246125486@g.us", Lid)
        );

        Assert.Equal((2, 1, 2, 2), await CountAsync());
    }

    [Fact]
    public async Task A_groups_members_are_written_though_another_node_joins_one_of_them()
    {
        const string Jid = "120363025246125486@g.us";
        var third = new Identity(IdentityKind.Phone, "5511912345678");
        await WriteAsync(_tenant.Message("0", Phone));
        await WriteAsync(_tenant.Message("1", Lid));
        await WriteAsync(
            new ReceiveGroup(
                new(_tenant.InstanceId, Jid)
                {
                    At = DateTimeOffset.UnixEpoch,
                    Members = [new([Lid], true)],
                }
            )
        );

        await MeetAsync(
            new ReceiveMembership(
                new(_tenant.InstanceId, Jid, GroupAction.Add, [], [new([third], false)])
                {
                    EventId = "SYSTEM1",
                    At = TimeProvider.System.GetUtcNow(),
                }
            ),
            _tenant.Message("2", Phone, Lid)
        );

        await using var connection = await one
            .Server.Get<Database>()
            .Migrator.OpenConnectionAsync(Ct);
        var members = await connection.QueryAsync<string>(
            """
            select i.value from group_members m
            join contact_identities i on i.contact_id = m.contact_id and i.kind = 'phone'
            where m.tenant_id = @Id
            """,
            new { _tenant.Id }
        );
        Assert.Equal([third.Value, Phone.Value], members.Order());
    }

    [Fact]
    public async Task The_same_message_is_written_once()
    {
        var answers = await MeetAsync(_tenant.Message("1", Phone), _tenant.Message("1", Phone));

        Assert.Equal([Received.Accepted, Received.Duplicate], answers.Order());
        Assert.Equal((1, 1, 1, 1), await CountAsync());
    }

    [Fact]
    public async Task A_receipt_finds_its_message_though_another_node_is_just_writing_it()
    {
        await MeetAsync(
            _tenant.Typed("1", Phone),
            new ReceiveReceipt(new(_tenant.InstanceId, "1", MessageStatus.Read, null))
        );

        await using var connection = await one
            .Server.Get<Database>()
            .Migrator.OpenConnectionAsync(Ct);
        Assert.Equal(
            ("read", 0L),
            await connection.QuerySingleAsync<(string, long)>(
                """
                select status, (select count(*) from early_receipts r where r.tenant_id = m.tenant_id)
                from messages m where tenant_id = @Id
                """,
                new { _tenant.Id }
            )
        );
    }

    /// <summary>Only the server's own login sees what other roles wait for.</summary>
    private async Task UntilBlockedAsync(int sessions)
    {
        await using var watch = new NpgsqlConnection(one.ConnectionString);
        const string Blocked = """
            select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
            """;
        while (await watch.ExecuteScalarAsync<long>(Blocked) < sessions)
        {
            Ct.ThrowIfCancellationRequested();
        }
    }

    private Task<Received> WriteAsync(TenantChange<Received> change) =>
        one.Server.Get<TenantWriter>().WriteAsync(_tenant.Id, change, Ct);

    private async Task<Received[]> MeetAsync(
        TenantChange<Received> here,
        TenantChange<Received> there
    )
    {
        using var barrier = new Barrier(2);
        return await Task.WhenAll(
            one.Server.Get<TenantWriter>()
                .WriteAsync(_tenant.Id, new Meeting<Received>(here, barrier), Ct),
            _other
                .Get<TenantWriter>()
                .WriteAsync(_tenant.Id, new Meeting<Received>(there, barrier), Ct)
        );
    }

    /// <summary>Contacts, conversations, messages, and the conversation's unread count.</summary>
    private async Task<(int, int, int, int)> CountAsync()
    {
        await using var connection = await one
            .Server.Get<Database>()
            .Migrator.OpenConnectionAsync(Ct);
        return await connection.QuerySingleAsync<(int, int, int, int)>(
            """
            select (select count(*) from contacts where tenant_id = @Id)::int,
                   (select count(*) from conversations where tenant_id = @Id)::int,
                   (select count(*) from messages where tenant_id = @Id)::int,
                   (select sum(unread_count) from conversations where tenant_id = @Id)::int
            """,
            new { _tenant.Id }
        );
    }
}
