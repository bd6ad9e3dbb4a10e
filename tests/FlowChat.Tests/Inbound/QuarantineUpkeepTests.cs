using Dapper;
using FlowChat.Operations;
using FlowChat.Storage;

namespace FlowChat.Tests.Inbound;

/// <summary>What is kept aside: for a while, and not without a word.</summary>
public sealed class QuarantineUpkeepTests(InboundFlowChat flowChat) : IClassFixture<InboundFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_kept_for_thirty_days()
    {
        var line = await flowChat.ConnectAsync(Ct);
        // More than one slice of the old ones.
        await ExecuteAsync(
            """
            insert into quarantine (tenant_id, id, instance_id, reason, body, received_at)
            select i.tenant_id, gen_random_uuid(), i.id, 'old', 'x', now() - interval '30 days 1 minute'
            from instances i, generate_series(1, 250) where i.id = @Id
            """,
            line
        );
        await ExecuteAsync(
            """
            insert into quarantine (tenant_id, id, instance_id, reason, body, received_at)
            select tenant_id, gen_random_uuid(), id, 'kept', 'x', now() - interval '29 days' from instances where id = @Id
            """,
            line
        );

        Assert.Equal(250, await flowChat.Server.Get<Housekeeping>().RunOnceAsync(Ct));

        await using var connection = await OpenAsync();
        Assert.Equal(
            ["kept"],
            await connection.QueryAsync<string>(
                "select reason from quarantine where instance_id = @Id",
                new { line.Instance.Id }
            )
        );
    }

    [Fact]
    public async Task It_raises_one_alarm_a_minute_for_each_number()
    {
        var (one, other) = (await flowChat.ConnectAsync(Ct), await flowChat.ConnectAsync(Ct));

        await one.PostAsync("no JSON"u8.ToArray(), Ct);
        await one.PostAsync("no JSON"u8.ToArray(), Ct);
        await other.PostAsync("{}"u8.ToArray(), Ct);

        Assert.Equal((1, 1), (Alarms(one), Alarms(other)));
    }

    private int Alarms(WebhookLine line) =>
        flowChat
            .Server.Get<Alarms>()
            .Recent.Count(alarm =>
                alarm.Code == "webhook_quarantined"
                && alarm.Text.Contains(
                    line.Instance.Id.ToString(),
                    StringComparison.OrdinalIgnoreCase
                )
            );

    private async Task ExecuteAsync(string sql, WebhookLine line)
    {
        await using var connection = await OpenAsync();
        await connection.ExecuteAsync(sql, new { line.Instance.Id });
    }

    private ValueTask<Npgsql.NpgsqlConnection> OpenAsync() =>
        flowChat.Server.Get<Database>().Migrator.OpenConnectionAsync(Ct);
}
