using Npgsql;

namespace FlowChat.Tests.Storage;

/// <summary>What every table with a tenant_id must have, read from PostgreSQL's own catalog.</summary>
internal static class TenantTables
{
    // References that no foreign key can hold: the conversation is written before its message, and a job's history outlives it.
    private static readonly string[] Loose =
    [
        "conversations.last_message_id",
        "events.instance_id",
        "job_history.job_id",
    ];

    // Its rows are copies of what the same transaction wrote, and their seq is from the tenant's counter.
    private const string Log = "events";

    private const string Tables = """
        with tenant_tables as (
          select c.oid, c.relname as name, c.relrowsecurity, c.relforcerowsecurity, a.attnum as tenant, a.attnotnull
          from pg_class c
          join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
          where c.relnamespace = 'flowchat'::regnamespace and c.relkind in ('r', 'p')
        )
        """;

    private const string Flaws =
        Tables
        + """

            , doors as (
              select p.polrelid, p.polname,
                     p.polpermissive and p.polcmd = '*'
                     and pg_get_expr(p.polqual, p.polrelid) = '(tenant_id = current_tenant())'
                     and coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '(tenant_id = current_tenant())')
                       = '(tenant_id = current_tenant())' as restricted
              from pg_policy p
              where 'flowchat_app'::regrole = any (p.polroles) or 0::oid = any (p.polroles)
            ), keys as (
              select k.conrelid, k.conname, k.confrelid, k.conkey, k.confkey from pg_constraint k where k.contype = 'f'
            )
            select name || ': row-level security is off' from tenant_tables where not relrowsecurity
            union all
            select name || ': row-level security is not forced' from tenant_tables where not relforcerowsecurity
            union all
            select name || ': tenant_id may be null' from tenant_tables where not attnotnull
            union all
            select t.name || ': no policy lets flowchat_app see its tenant' from tenant_tables t
            where not exists (select from doors d where d.polrelid = t.oid and d.restricted)
            union all
            select t.name || ': policy ' || d.polname || ' lets flowchat_app see more than its tenant'
            from tenant_tables t join doors d on d.polrelid = t.oid and not d.restricted
            union all
            select t.name || ': tenant_id references no tenant' from tenant_tables t
            where t.name <> $2 and not exists (
              select from keys k
              where k.conrelid = t.oid and k.confrelid = 'flowchat.tenants'::regclass and k.conkey = array[t.tenant]
            ) and not exists (
              -- Through a row of the tenant's that each of its rows names.
              select from keys k
              join tenant_tables r on r.oid = k.confrelid
              where k.conrelid = t.oid and t.tenant = any (k.conkey) and not exists (
                select from pg_attribute a where a.attrelid = t.oid and a.attnum = any (k.conkey) and not a.attnotnull
              )
            )
            union all
            select t.name || ': ' || k.conname || ' leaves tenant_id out'
            from tenant_tables t
            join keys k on k.conrelid = t.oid
            join tenant_tables r on r.oid = k.confrelid
            where coalesce(k.confkey[array_position(k.conkey, t.tenant)], 0) <> r.tenant
            union all
            select t.name || '.' || a.attname || ' has no foreign key'
            from tenant_tables t
            join pg_attribute a on a.attrelid = t.oid and a.attname like '%\_id' and a.atttypid = 'uuid'::regtype
              and a.attnum <> t.tenant and not a.attisdropped
            where not exists (select from keys k where k.conrelid = t.oid and a.attnum = any (k.conkey))
              and t.name || '.' || a.attname <> all ($1)
            order by 1
            """;

    public static Task<IReadOnlyList<string>> FindFlawsAsync(
        NpgsqlConnection migrator,
        CancellationToken ct
    ) =>
        ReadAsync(
            migrator,
            Flaws,
            ct,
            new NpgsqlParameter { Value = Loose },
            new NpgsqlParameter { Value = Log }
        );

    public static Task<IReadOnlyList<string>> NamesAsync(
        NpgsqlConnection migrator,
        CancellationToken ct
    ) => ReadAsync(migrator, Tables + " select name from tenant_tables order by 1", ct);

    private static async Task<IReadOnlyList<string>> ReadAsync(
        NpgsqlConnection connection,
        string sql,
        CancellationToken ct,
        params NpgsqlParameter[] parameters
    )
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<string>();
        while (await reader.ReadAsync(ct))
        {
            rows.Add(reader.GetString(0));
        }
        return rows;
    }
}
