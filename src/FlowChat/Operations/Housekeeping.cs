using Dapper;
using FlowChat.Settings;
using FlowChat.Storage;

namespace FlowChat.Operations;

/// <summary>Removes what has had its time: old events, and receipts whose messages never came.</summary>
internal sealed class Housekeeping(
    Database database,
    FlowChatSettings settings,
    TimeProvider clock,
    Alarms alarms,
    ILogger<Housekeeping> logger
) : Duty(clock, alarms, logger)
{
    private const int Slice = 5_000;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private const string TrimEvents = """
        delete from events where (tenant_id, seq) in (
          select tenant_id, seq from events where at < now() - make_interval(days => @days) order by at limit @slice)
        """;

    private const string TrimReceipts = """
        delete from early_receipts where (tenant_id, instance_id, wa_id) in (
          select tenant_id, instance_id, wa_id from early_receipts where received_at < now() - make_interval(days => @days) limit @slice)
        """;

    /// <returns>How many rows were removed.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken) =>
        await TrimAsync(TrimEvents, cancellationToken)
        + await TrimAsync(TrimReceipts, cancellationToken);

    protected override IReadOnlyList<Func<CancellationToken, Task>> Loops => [KeepTrimmingAsync];

    private async Task KeepTrimmingAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, Clock);
        do
        {
            await RunOnceAsync(cancellationToken);
        } while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    // In slices: a long delete would hold back every vacuum.
    private async Task<int> TrimAsync(string sql, CancellationToken cancellationToken)
    {
        var removed = 0;
        int slice;
        do
        {
            await using var connection = await database.Migrator.OpenConnectionAsync(
                cancellationToken
            );
            slice = await connection.ExecuteAsync(
                new CommandDefinition(
                    sql,
                    new { days = settings.EventDays, slice = Slice },
                    cancellationToken: cancellationToken
                )
            );
            removed += slice;
        } while (slice == Slice);
        return removed;
    }
}
