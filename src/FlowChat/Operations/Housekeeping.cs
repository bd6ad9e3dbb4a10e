using Dapper;
using FlowChat.Media;
using FlowChat.Settings;
using FlowChat.Storage;

namespace FlowChat.Operations;

/// <summary>Removes what has had its time: old events, receipts and changes whose messages never came, the quarantine's oldest, uploads that weren't sent.</summary>
internal sealed class Housekeeping(
    Database database,
    MediaUpkeep media,
    FlowChatSettings settings,
    TimeProvider clock,
    Alarms alarms,
    ILogger<Housekeeping> logger
) : Duty(clock, alarms, logger)
{
    private const int Slice = 5_000;

    // An entry may be as large as a webhook.
    private const int QuarantineSlice = 100;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private const string TrimEvents = """
        delete from events where (tenant_id, seq) in (
          select tenant_id, seq from events where at < now() - make_interval(days => @days) order by at limit @slice)
        """;

    private const string TrimReceipts = """
        delete from early_receipts where (tenant_id, instance_id, wa_id) in (
          select tenant_id, instance_id, wa_id from early_receipts where received_at < now() - make_interval(days => @days) limit @slice)
        """;

    private const string TrimChanges = """
        delete from early_changes where (tenant_id, id) in (
          select tenant_id, id from early_changes where received_at < now() - make_interval(days => @days) limit @slice)
        """;

    private const string TrimQuarantine = """
        delete from quarantine where (tenant_id, id) in (
          select tenant_id, id from quarantine where received_at < now() - make_interval(days => @days)
          order by received_at limit @slice)
        """;

    /// <returns>How many rows were removed.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken) =>
        await TrimAsync(TrimEvents, settings.EventDays, Slice, cancellationToken)
        + await TrimAsync(TrimReceipts, settings.EventDays, Slice, cancellationToken)
        + await TrimAsync(TrimChanges, settings.EventDays, Slice, cancellationToken)
        + await TrimAsync(
            TrimQuarantine,
            settings.QuarantineDays,
            QuarantineSlice,
            cancellationToken
        )
        + await media.RunOnceAsync(cancellationToken);

    protected override IReadOnlyList<Func<CancellationToken, Task>> Loops =>
        [NowAndEvery(Interval, RunOnceAsync)];

    // In slices: a long delete would hold back every vacuum.
    private async Task<int> TrimAsync(
        string sql,
        int days,
        int most,
        CancellationToken cancellationToken
    )
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
                    new { days, slice = most },
                    cancellationToken: cancellationToken
                )
            );
            removed += slice;
        } while (slice == most);
        return removed;
    }
}
