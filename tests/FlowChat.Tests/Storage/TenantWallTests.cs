using Dapper;
using FlowChat.Storage;
using Npgsql;

namespace FlowChat.Tests.Storage;

/// <summary>Two tenants with a row in every table; the app role of one reaches for the other's.</summary>
public sealed class TenantWallTests(SharedPostgres postgres) : IAsyncLifetime
{
    private readonly Guid _own = Guid.CreateVersion7();
    private readonly Guid _other = Guid.CreateVersion7();
    private Database _database = null!;
    private IReadOnlyList<string> _tables = [];

    public async ValueTask InitializeAsync()
    {
        _database = new Database(await postgres.CreateDatabaseAsync());
        var rows = await File.ReadAllTextAsync(
            Path.Combine(AppContext.BaseDirectory, "Storage", "TenantRows.sql")
        );
        await using var migrator = await _database.Migrator.OpenConnectionAsync();
        foreach (var tenant in new[] { _own, _other })
        {
            await migrator.ExecuteAsync(
                rows.Replace("$tenant", $"{tenant}", StringComparison.Ordinal)
            );
        }
        _tables = await TenantTables.NamesAsync(migrator, Ct);
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task The_app_role_sees_the_rows_of_its_tenant_alone()
    {
        await using var transaction = await _database.BeginAsync(_own, Ct);
        foreach (var table in _tables)
        {
            var tenants = await transaction.Connection.QueryAsync<Guid>(
                $"select distinct tenant_id from {table}"
            );
            Assert.True(tenants.SequenceEqual([_own]), $"{table}: {string.Join(", ", tenants)}");
        }
    }

    [Fact]
    public async Task Without_a_tenant_the_app_role_sees_nothing()
    {
        await using var connection = await _database.App.OpenConnectionAsync(Ct);
        foreach (var table in _tables.Append("tenants"))
        {
            var rows = await connection.ExecuteScalarAsync<long>($"select count(*) from {table}");
            Assert.True(rows == 0, $"{table} shows {rows} rows to nobody.");
        }
    }

    [Fact]
    public async Task The_app_role_changes_and_deletes_nothing_of_another_tenant()
    {
        foreach (var table in _tables)
        {
            Assert.Equal(
                0,
                await TryAsync(
                    $"update {table} set tenant_id = tenant_id where tenant_id = '{_other}'"
                )
            );
            Assert.Equal(0, await TryAsync($"delete from {table} where tenant_id = '{_other}'"));
            await using var migrator = await _database.Migrator.OpenConnectionAsync(Ct);
            Assert.NotEqual(
                0,
                await migrator.ExecuteScalarAsync<long>(
                    $"select count(*) from {table} where tenant_id = '{_other}'"
                )
            );
        }
    }

    [Fact]
    public async Task The_app_role_writes_no_row_into_another_tenant()
    {
        foreach (var table in _tables)
        {
            var row = await OtherRowAsync(table);
            await AssertRefusedAsync(
                table,
                PostgresErrorCodes.InsufficientPrivilege,
                $"insert into {table} overriding system value select * from jsonb_populate_record(null::{table}, '{row}')"
            );
            await AssertRefusedAsync(
                table,
                PostgresErrorCodes.InsufficientPrivilege,
                $"update {table} set tenant_id = '{_other}'"
            );
        }
    }

    [Fact]
    public async Task No_foreign_key_reaches_another_tenants_row()
    {
        await using var migrator = await _database.Migrator.OpenConnectionAsync(Ct);
        var references = (await migrator.QueryAsync<Reference>(References)).ToList();
        Assert.NotEmpty(references);
        foreach (var reference in references)
        {
            var theirs =
                (IDictionary<string, object>)
                    await migrator.QueryFirstAsync(
                        $"select {reference.TheirColumns} from {reference.Theirs} where tenant_id = '{_other}'"
                    );
            var values = string.Join(", ", theirs.Values.Select(value => $"'{value}'"));
            var refusals = await RefusalsAsync(reference, values);
            Assert.True(
                refusals.Contains(reference.Name),
                $"{reference.Name} let {reference.Table} reach ({values}): {string.Join(", ", refusals)}"
            );
        }
    }

    [Fact]
    public async Task The_system_role_may_look_only_where_its_duties_are()
    {
        await using var migrator = await _database.Migrator.OpenConnectionAsync(Ct);
        var open = await migrator.QueryAsync<string>(
            """
            select c.relname from pg_class c
            where c.relnamespace = 'flowchat'::regnamespace and c.relkind in ('r', 'p', 'v')
              and has_table_privilege('flowchat_system', c.oid, 'select')
            order by 1
            """
        );

        Assert.Equal(
            [
                "api_keys",
                "events",
                "instances",
                "job_history",
                "job_keys",
                "job_lanes",
                "job_queues",
                "jobs",
                "key_ring",
                "queue_activity",
                "queue_totals",
                "queue_workers",
                "sessions",
                "sign_in_failures",
                "tenant_counters",
                "tenants",
                "users",
            ],
            open
        );
    }

    private const string References = """
        select k.conname as "Name", t.relname as "Table", r.relname as "Theirs",
               string_agg(quote_ident(a.attname), ', ' order by o.n) filter (where a.attname <> 'tenant_id') as "Columns",
               string_agg(quote_ident(b.attname), ', ' order by o.n) filter (where b.attname <> 'tenant_id') as "TheirColumns"
        from pg_constraint k
        join pg_class t on t.oid = k.conrelid
        join pg_class r on r.oid = k.confrelid and r.relname <> 'tenants'
        cross join lateral unnest(k.conkey, k.confkey) with ordinality as o (mine, theirs, n)
        join pg_attribute a on a.attrelid = t.oid and a.attnum = o.mine
        join pg_attribute b on b.attrelid = r.oid and b.attnum = o.theirs
        where k.contype = 'f' and k.connamespace = 'flowchat'::regnamespace
        group by k.conname, t.relname, r.relname
        """;

    private sealed record Reference(
        string Name,
        string Table,
        string Theirs,
        string Columns,
        string TheirColumns
    );

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>The constraints that stopped the reference, row by row: some rows are held by references to themselves first.</summary>
    private async Task<HashSet<string?>> RefusalsAsync(Reference reference, string values)
    {
        await using var migrator = await _database.Migrator.OpenConnectionAsync(Ct);
        var rows = await migrator.QueryAsync<string>(
            $"select ctid::text from {reference.Table} where tenant_id = '{_own}' and ({reference.Columns}) is not null"
        );
        var refusals = new HashSet<string?>();
        foreach (var row in rows)
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() =>
                TryAsync(
                    $"update {reference.Table} set ({reference.Columns}) = row({values}) where ctid = '{row}'"
                )
            );
            Assert.Equal(PostgresErrorCodes.ForeignKeyViolation, refused.SqlState);
            refusals.Add(refused.ConstraintName);
        }
        return refusals;
    }

    private async Task AssertRefusedAsync(string table, string sqlState, string sql)
    {
        var error = await Record.ExceptionAsync(() => TryAsync(sql));
        Assert.True(
            error is PostgresException refused && refused.SqlState == sqlState,
            $"{table}: {error?.Message ?? "nothing refused it"}"
        );
    }

    /// <summary>As the app role of the own tenant, in a transaction that leaves nothing behind.</summary>
    private async Task<int> TryAsync(string sql)
    {
        await using var transaction = await _database.BeginAsync(_own, Ct);
        return await transaction.Connection.ExecuteAsync(sql);
    }

    private async Task<string> OtherRowAsync(string table)
    {
        await using var migrator = await _database.Migrator.OpenConnectionAsync(Ct);
        var row = await migrator.QueryFirstOrDefaultAsync<string>(
            $"select to_jsonb(t)::text from {table} t where tenant_id = '{_other}'"
        );
        return row
            ?? throw new InvalidOperationException($"TenantRows.sql has no row for {table}.");
    }
}
