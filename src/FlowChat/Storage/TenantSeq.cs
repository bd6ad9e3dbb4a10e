using Npgsql;

namespace FlowChat.Storage;

/// <summary>The log's last seq, read before the rows of an answer.</summary>
internal static class TenantSeq
{
    public static async Task<long> ReadSeqAsync(
        this TenantTransaction transaction,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            "select seq from tenant_counters",
            transaction.Connection,
            transaction.Transaction
        );
        return await command.ExecuteScalarAsync(cancellationToken) is long seq ? seq : 0;
    }
}
