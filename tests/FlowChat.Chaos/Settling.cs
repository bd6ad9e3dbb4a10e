using Dapper;
using FlowChat.Chaos.Audit;
using FlowChat.Storage;

namespace FlowChat.Chaos;

/// <summary>Waits until nothing of a run is under way any more, or for as long as anybody may wait.</summary>
internal sealed class Settling(ChaosRun run)
{
    // A send that stays unknown holds its lane for a minute; a gateway's last pauses are half of one.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly string[] Followers =
    [
        "messages.upsert",
        "send.message",
        "messages.update",
    ];

    private const string Open = """
        select
          (select count(*) from jobs where state <> 'dead' and queue in ('send_message', 'process_incoming_media'))
        + (select count(*) from messages where status in ('queued', 'sending'))
        + (select count(*) from attachments where state = 'pending' and message_id is not null)
        """;

    private const string LastSeqs = "select seq from tenant_counters order by 1";

    public async Task WaitAsync()
    {
        using var patience = new CancellationTokenSource(Patience, run.Time);
        await using var database = new Database(run.Stack.Database);
        while (!patience.IsCancellationRequested)
        {
            if (await IsSettledAsync(database))
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(500), run.Time, run.Ct);
        }
        run.Traffic.Judge.Condemn($"It hadn't settled {Patience.TotalMinutes} minutes later");
    }

    private async Task<bool> IsSettledAsync(Database database)
    {
        var incoming = run.Traffic.Attempts.All.Count(attempt => attempt.Way == Way.In);
        // Its echo and its receipt follow each send.
        var expected = incoming + 2 * run.Stack.Gateway.Sent.All.Count;
        var delivered = run.Stack.Gateway.Webhooks.Deliveries.All.Count(delivery =>
            Followers.Contains(delivery.Event)
        );
        if (delivered < expected)
            return false;
        await using var connection = await database.Migrator.OpenConnectionAsync(run.Ct);
        if (await connection.ExecuteScalarAsync<long>(Open) > 0)
            return false;
        var last = await connection.QueryAsync<long>(LastSeqs);
        return last.SequenceEqual(run.Traffic.Readers.Select(reader => reader.Seq).Order());
    }
}
