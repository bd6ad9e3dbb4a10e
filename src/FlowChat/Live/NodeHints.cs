using System.Globalization;
using FlowChat.Operations;
using FlowChat.Storage;
using Npgsql;

namespace FlowChat.Live;

/// <summary>Carries the hints between nodes: LISTEN on a connection of its own, one coalesced NOTIFY outside the commits.</summary>
internal sealed class NodeHints(
    Database database,
    LiveSignal signal,
    TimeProvider clock,
    Alarms alarms,
    ILogger<NodeHints> logger
) : Duty(clock, alarms, logger)
{
    private const string Channel = "flowchat_events";

    /// <summary>Of what is kept nowhere: the tenant's id in 32 digits, and the data behind it.</summary>
    public const string PassingChannel = "flowchat_passing";

    private const int TenantDigits = 32;

    // NOTIFY takes 8,000 bytes; what is left out is found by the poll.
    private const int MostTenants = 120;
    private static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(10);

    protected override IReadOnlyList<Func<CancellationToken, Task>> Loops =>
        [ListenAsync, TellAsync];

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.System.OpenConnectionAsync(cancellationToken);
        connection.Notification += (_, e) =>
        {
            if (e.Channel == PassingChannel)
            {
                HearPassing(e.Payload);
            }
            else
            {
                Hear(e.Payload);
            }
        };
        await using (
            var listen = new NpgsqlCommand($"listen {Channel}; listen {PassingChannel}", connection)
        )
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }
        while (true)
        {
            await connection.WaitAsync(cancellationToken);
        }
    }

    private async Task TellAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var untold = await signal.TakeUntoldAsync(cancellationToken);
            var payload = string.Join(
                ',',
                untold.Take(MostTenants).Select(pair => $"{pair.Key:N}:{pair.Value}")
            );
            await using var command = database.System.CreateCommand("select pg_notify($1, $2)");
            command.Parameters.AddRange(
                (NpgsqlParameter[])[SqlBatch.Value(Channel), SqlBatch.Value(payload)]
            );
            await command.ExecuteNonQueryAsync(cancellationToken);
            // Under load one hint for many commits; when it is quiet the first goes out at once.
            await Task.Delay(Spacing, Clock, cancellationToken);
        }
    }

    private void HearPassing(string payload)
    {
        if (
            payload.Length > TenantDigits
            && Guid.TryParseExact(payload.AsSpan(0, TenantDigits), "N", out var tenantId)
        )
        {
            signal.HeardPassing(tenantId, payload[TenantDigits..]);
        }
    }

    private void Hear(string payload)
    {
        foreach (var pair in payload.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (
                pair.Split(':') is [var tenant, var seq]
                && Guid.TryParse(tenant, out var tenantId)
                && long.TryParse(seq, CultureInfo.InvariantCulture, out var number)
            )
            {
                signal.Heard(tenantId, number);
            }
        }
    }
}
