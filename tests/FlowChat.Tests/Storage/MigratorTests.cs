using Dapper;
using FlowChat.Queues.Postgres;
using FlowChat.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace FlowChat.Tests.Storage;

public sealed class MigratorTests(SharedPostgres postgres) : IAsyncLifetime
{
    private Database _database = null!;
    private Database _others = null!;

    public async ValueTask InitializeAsync()
    {
        var connectionString = await postgres.CreateEmptyDatabaseAsync();
        await DatabaseRoles.EnsureAsync(connectionString, Ct);
        _database = new Database(connectionString);
        _others = new Database(connectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await _others.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Nodes_that_start_together_on_an_empty_database_migrate_it_once()
    {
        var empty = await postgres.CreateEmptyDatabaseAsync();

        var nodes = await Task.WhenAll(
            Enumerable.Range(0, 3).Select(_ => FlowChatServer.StartAsync(empty, workers: false))
        );

        try
        {
            var tenants = nodes.Select(node =>
                node.Client.GetAsync<System.Text.Json.Nodes.JsonObject>("/api/me", Ct)
            );
            var ids = (await Task.WhenAll(tenants)).Select(me => $"{me["tenant"]?["id"]}");
            Assert.NotEqual("", Assert.Single(ids.Distinct()));
            Assert.Equal(
                Migration.All.Select(migration => migration.Name),
                await nodes[0].Get<Database>().Migrator.AppliedAsync(Ct)
            );
        }
        finally
        {
            foreach (var node in nodes)
            {
                await node.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task Only_one_node_at_a_time_is_under_the_lock()
    {
        var inside = 0;
        var most = 0;

        var applied = await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(_ =>
                    Migrator(Migration.All)
                        .RunAsync(
                            async () =>
                            {
                                most = Math.Max(most, Interlocked.Increment(ref inside));
                                await using var connection =
                                    await _database.App.OpenConnectionAsync(Ct);
                                Interlocked.Decrement(ref inside);
                            },
                            Ct
                        )
                )
        );

        Assert.Equal(1, most);
        Assert.Equal([0, 0, 0, Migration.All.Count], applied.Order());
    }

    [Fact]
    public async Task An_edited_migration_that_was_applied_is_refused()
    {
        await RunAsync(Migration.All);
        var edited = Migration.All.ToList();
        edited[1] = new(edited[1].Name, edited[1].Sql + "\n-- a harmless remark\n");

        var refused = await Assert.ThrowsAsync<DatabaseRefusedException>(() => RunAsync(edited));

        Assert.Contains(edited[1].Name, refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, await RunAsync(Migration.All));
    }

    [Fact]
    public async Task An_edit_of_the_engines_included_schema_is_refused_like_any_other()
    {
        await RunAsync(Migration.All);
        var script = PostgresQueueSchema.Read(PostgresQueueSchema.Names[0]);
        var edited = Migration
            .All.Select(m => new Migration(
                m.Name,
                m.Sql.Replace(script, script + "-- edited\n", StringComparison.Ordinal)
            ))
            .ToList();

        var refused = await Assert.ThrowsAsync<DatabaseRefusedException>(() => RunAsync(edited));

        Assert.Contains("0006_jobs", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_script_of_the_engine_is_included_once_and_no_line_is_left_over()
    {
        Assert.All(
            PostgresQueueSchema.Names,
            name =>
                Assert.Single(
                    Migration.All,
                    m => m.Sql.Contains(PostgresQueueSchema.Read(name), StringComparison.Ordinal)
                )
        );
        Assert.DoesNotContain(
            Migration.All,
            m => m.Sql.Contains("!include", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_schema_that_needs_a_newer_program_refuses_this_one()
    {
        Migration contracting = new(
            "9999_contract",
            $"alter table contacts drop column name;\n-- !min_program {FlowChat.Storage.Migrator.Program + 1}\n"
        );
        // The newer program that applies it is of that generation itself.
        await RunAsync([.. Migration.All, contracting]);

        var refused = await Assert.ThrowsAsync<DatabaseRefusedException>(() =>
            RunAsync(Migration.All)
        );

        Assert.Contains("start a newer FlowChat", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_older_program_works_beside_a_schema_that_was_only_expanded()
    {
        Migration expanding = new("9998_expand", "alter table contacts add column nickname text");
        await RunAsync([.. Migration.All, expanding]);

        Assert.Equal(0, await RunAsync(Migration.All));
    }

    [Fact]
    public async Task A_migration_that_fails_leaves_nothing_and_the_lock_free()
    {
        Migration broken = new("9997_broken", "create table half (id int); select 1 / 0");
        await Assert.ThrowsAsync<PostgresException>(() => RunAsync([.. Migration.All, broken]));

        Assert.Equal(
            Migration.All.Select(migration => migration.Name),
            await _database.Migrator.AppliedAsync(Ct)
        );
        await using var connection = await _database.Migrator.OpenConnectionAsync(Ct);
        Assert.Null(
            await connection.ExecuteScalarAsync<string>("select to_regclass('half')::text")
        );
        Assert.Equal(
            1,
            await RunAsync([.. Migration.All, new(broken.Name, "create table half (id int)")])
        );
    }

    [Fact(Timeout = 60_000)]
    public async Task An_index_is_built_while_others_write_and_what_a_killed_node_left_of_it_is_built_anew()
    {
        Migration index = new(
            "9998_index",
            "create index concurrently contacts_named on contacts (name)"
        );
        await RunAsync(Migration.All);
        await using var writer = await _others.Migrator.OpenConnectionAsync(Ct);
        await using var writing = await writer.BeginTransactionAsync(Ct);
        await writer.ExecuteAsync("lock table contacts in row exclusive mode");

        using var killed = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var first = Migrator([.. Migration.All, index])
            .RunAsync(() => Task.CompletedTask, killed.Token);
        await WaitForTheBuildAsync();
        await WriteMeanwhileAsync();
        await killed.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.False(await IsValidAsync());

        var nodes = Task.WhenAll(
            RunAsync([.. Migration.All, index]),
            RunAsync([.. Migration.All, index])
        );
        await WaitForTheBuildAsync();
        await WriteMeanwhileAsync();
        await writing.CommitAsync(Ct);

        Assert.Equal([0, 1], (await nodes).Order());
        Assert.True(await IsValidAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_migration_that_waits_for_a_backup_holds_nobody_else_up()
    {
        Migration expanding = new("9998_expand", "alter table contacts add column nickname text");
        await RunAsync(Migration.All);
        await using var backup = await _others.Migrator.OpenConnectionAsync(Ct);
        await using var reading = await backup.BeginTransactionAsync(Ct);
        await backup.ExecuteAsync("lock table contacts in access share mode");

        var migrating = RunAsync([.. Migration.All, expanding]);
        await WaitUntilAsync("locktype = 'relation' and mode = 'AccessExclusiveLock'");
        await WriteMeanwhileAsync();
        Assert.False(migrating.IsCompleted);
        await reading.CommitAsync(Ct);

        Assert.Equal(1, await migrating);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>It waits for whoever wrote before it.</summary>
    private Task WaitForTheBuildAsync() => WaitUntilAsync("locktype = 'virtualxid'");

    private async Task WaitUntilAsync(string somebodyWaitsFor)
    {
        await using var connection = await _others.Migrator.OpenConnectionAsync(Ct);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var waiting =
            $"select exists (select from pg_locks where {somebodyWaitsFor} and not granted)";
        while (!await connection.ExecuteScalarAsync<bool>(waiting))
        {
            await timer.WaitForNextTickAsync(Ct);
        }
    }

    private async Task WriteMeanwhileAsync()
    {
        await using var connection = await _others.Migrator.OpenConnectionAsync(Ct);
        await connection.ExecuteAsync(
            "set statement_timeout = 5000; update contacts set name = name; reset statement_timeout"
        );
    }

    private async Task<bool> IsValidAsync()
    {
        await using var connection = await _others.Migrator.OpenConnectionAsync(Ct);
        return await connection.ExecuteScalarAsync<bool>(
            "select indisvalid from pg_index where indexrelid = 'contacts_named'::regclass"
        );
    }

    private Migrator Migrator(IReadOnlyList<Migration> migrations) =>
        new(_database, migrations, TimeProvider.System, NullLogger<Migrator>.Instance);

    private Task<int> RunAsync(IReadOnlyList<Migration> migrations) =>
        Migrator(migrations).RunAsync(() => Task.CompletedTask, Ct);
}

internal static class AppliedMigrations
{
    public static async Task<IEnumerable<string>> AppliedAsync(
        this NpgsqlDataSource migrator,
        CancellationToken ct
    )
    {
        await using var connection = await migrator.OpenConnectionAsync(ct);
        return await connection.QueryAsync<string>(
            "select name from schema_migrations order by name"
        );
    }
}
