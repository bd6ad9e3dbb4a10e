using Dapper;
using FlowChat.Json;
using FlowChat.Storage;

namespace FlowChat.Accounts;

/// <summary>A list in the order of its ids, which are in the order of their making.</summary>
internal static class PageById
{
    // The two statements take @cursor and @limit: the log's seq, then one row more than the limit.
    public static async Task<PageOf<T>> ReadAsync<T>(
        Database database,
        Guid tenantId,
        string sql,
        Func<T, Guid> id,
        Guid? cursor,
        int limit,
        CancellationToken cancellationToken
    )
    {
        limit = Math.Clamp(limit, 1, 200);
        await using var transaction = await database.BeginAsync(tenantId, cancellationToken);
        await using var rows = await transaction.Connection.QueryMultipleAsync(
            new CommandDefinition(sql, new { cursor, limit }, cancellationToken: cancellationToken)
        );
        var seq = await rows.ReadSingleAsync<long>();
        var found = (await rows.ReadAsync<T>()).AsList();
        var page = found.Take(limit).ToList();
        return new(page, found.Count > limit ? id(page[^1]).ToString() : null, seq);
    }
}
