using FlowChat.Storage.Embedded;
using Npgsql;
using static FlowChat.Tests.Storage.EmbeddedServer;

namespace FlowChat.Tests.Storage;

/// <summary>What a start gives, and what it refuses.</summary>
public sealed class EmbeddedPostgresTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_login_owns_the_database_and_makes_roles_but_is_no_superuser()
    {
        await using var folder = new EmbeddedServer();
        var server = await folder.StartAsync();

        const string Mine = """
            select concat_ws(' ', rolname, rolsuper, rolcreaterole, rolbypassrls, datname)
            from pg_roles join pg_database on datdba = pg_roles.oid
            where rolname = current_user and datname = current_database()
            """;
        Assert.Equal(
            "flowchat f t f flowchat",
            await QueryAsync<string>(server.ConnectionString, Mine)
        );
        await QueryAsync<object>(
            server.ConnectionString,
            "create role made nologin; create extension pg_trgm"
        );
    }

    [Fact]
    public async Task Nothing_is_lost_for_speed_and_nothing_listens_on_the_network()
    {
        await using var folder = new EmbeddedServer();
        var server = await folder.StartAsync();

        const string Settings = """
            select string_agg(name || '=' || current_setting(name), ' ' order by name) from pg_settings
            where name in ('fsync', 'full_page_writes', 'jit', 'listen_addresses', 'max_connections', 'max_wal_size',
              'server_encoding', 'shared_buffers', 'synchronous_commit', 'unix_socket_permissions')
            """;
        Assert.Equal(
            "fsync=on full_page_writes=on jit=off listen_addresses= max_connections=200 max_wal_size=2GB "
                + "server_encoding=UTF8 shared_buffers=256MB synchronous_commit=on unix_socket_permissions=0700",
            await QueryAsync<string>(server.ConnectionString, Settings)
        );
        Assert.Equal(
            "b C.UTF-8",
            await QueryAsync<string>(
                server.ConnectionString,
                "select concat_ws(' ', datlocprovider, datlocale) from pg_database where datname = current_database()"
            )
        );
    }

    [Fact]
    public async Task What_was_committed_is_there_at_the_next_start()
    {
        await using var folder = new EmbeddedServer();
        await using (var first = await folder.StartAsync())
            await QueryAsync<object>(first.ConnectionString, "create table kept ()");
        Assert.False(File.Exists(folder.PidFile));

        var second = await folder.StartAsync();
        Assert.Equal(
            0,
            await QueryAsync<long>(second.ConnectionString, "select count(*) from kept")
        );
    }

    [Fact]
    public async Task A_ctrl_c_in_the_terminal_does_not_reach_it()
    {
        await using var folder = new EmbeddedServer();
        await folder.StartAsync();

        var session = await new ServerAccount(UserName: null).RunAsync(
            "ps",
            ["-o", "sid=", "-p", $"{folder.Pid}"],
            Ct
        );
        Assert.Equal($"{folder.Pid}", session.Trim());
    }

    [Fact]
    public async Task A_failed_statement_leaves_no_texts_in_the_log()
    {
        await using var folder = new EmbeddedServer();
        var server = await folder.StartAsync();
        await QueryAsync<object>(server.ConnectionString, "create table names (name text unique)");
        await QueryAsync<object>(server.ConnectionString, "insert into names values ('Marina')");

        await Assert.ThrowsAsync<PostgresException>(() =>
            QueryAsync<object>(server.ConnectionString, "insert into names values ('Marina')")
        );

        var log = await File.ReadAllTextAsync(Path.Combine(folder.Cluster, "server.log"), Ct);
        Assert.Contains("ready to accept connections", log, StringComparison.Ordinal);
        Assert.DoesNotContain("Marina", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_folder_may_be_longer_than_a_socket_address()
    {
        await using var folder = new EmbeddedServer(
            Path.Combine(new string('a', 100), new string('b', 100))
        );
        var server = await folder.StartAsync();
        Assert.Equal(1, await QueryAsync<int>(server.ConnectionString, "select 1"));
    }

    [Fact]
    public async Task Missing_programs_are_named_with_the_setting_that_brings_them()
    {
        await using var folder = new EmbeddedServer(binaries: "/nowhere");
        var refused = await Assert.ThrowsAsync<EmbeddedPostgresException>(folder.StartAsync);
        Assert.Contains("/nowhere/bin/postgres", refused.Message, StringComparison.Ordinal);
        Assert.Contains("FLOWCHAT_POSTGRES", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_of_another_major_version_is_left_alone()
    {
        await using var folder = new EmbeddedServer();
        await (await folder.StartAsync()).DisposeAsync();
        await File.WriteAllTextAsync(Path.Combine(folder.Cluster, "PG_VERSION"), "17\n", Ct);

        var refused = await Assert.ThrowsAsync<EmbeddedPostgresException>(folder.StartAsync);
        Assert.Contains("made by PostgreSQL 17", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.PidFile));
    }

    [Fact]
    public async Task A_server_that_does_not_start_says_why()
    {
        await using var folder = new EmbeddedServer();
        await (await folder.StartAsync()).DisposeAsync();
        await File.WriteAllTextAsync(
            Path.Combine(folder.Cluster, "tuning.conf"),
            "work_mem = 'lots'\n",
            Ct
        );

        var refused = await Assert.ThrowsAsync<EmbeddedPostgresException>(folder.StartAsync);
        Assert.Contains("work_mem", refused.Message, StringComparison.Ordinal);
    }
}
