using FlowChat.Storage;
using Npgsql;

namespace FlowChat.Tests.Storage;

/// <summary>Guards tables that are not yet written: a migration that forgets a wall fails here.</summary>
public sealed class TenantTablesTests(SharedPostgres postgres) : IAsyncLifetime
{
    private Database _database = null!;

    public async ValueTask InitializeAsync() =>
        _database = new Database(await postgres.CreateDatabaseAsync());

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Every_table_with_a_tenant_has_all_its_walls()
    {
        await using var connection = await _database.Migrator.OpenConnectionAsync(Ct);

        Assert.Empty(await TenantTables.FindFlawsAsync(connection, Ct));
        Assert.Contains("messages", await TenantTables.NamesAsync(connection, Ct));
    }

    [Theory]
    [InlineData(
        "create table bad (tenant_id uuid not null references tenants)",
        "bad: row-level security is off",
        "bad: row-level security is not forced",
        "bad: no policy lets flowchat_app see its tenant"
    )]
    [InlineData(
        "create table bad (tenant_id uuid not null); call protect_tenant_table('bad')",
        "bad: tenant_id references no tenant"
    )]
    [InlineData(
        "create table bad (tenant_id uuid references tenants); call protect_tenant_table('bad')",
        "bad: tenant_id may be null"
    )]
    [InlineData(
        "alter table messages no force row level security",
        "messages: row-level security is not forced"
    )]
    [InlineData(
        "alter table messages disable row level security",
        "messages: row-level security is off"
    )]
    [InlineData(
        "drop policy tenant on messages",
        "messages: no policy lets flowchat_app see its tenant"
    )]
    [InlineData(
        "drop policy tenant on messages; create policy tenant on messages to flowchat_app using (tenant_id = current_tenant()) with check (true)",
        "messages: no policy lets flowchat_app see its tenant",
        "messages: policy tenant lets flowchat_app see more than its tenant"
    )]
    [InlineData(
        "create policy all_of_them on messages to public using (true)",
        "messages: policy all_of_them lets flowchat_app see more than its tenant"
    )]
    [InlineData(
        "alter table messages add foreign key (instance_id) references instances (id)",
        "messages: messages_instance_id_fkey leaves tenant_id out"
    )]
    [InlineData("alter table messages add group_id uuid", "messages.group_id has no foreign key")]
    [InlineData(
        "alter table quarantine drop constraint quarantine_tenant_id_instance_id_fkey",
        "quarantine.instance_id has no foreign key"
    )]
    public async Task A_table_without_a_wall_is_found(string sql, params string[] flaws)
    {
        await using var connection = await _database.Migrator.OpenConnectionAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Ct);

        Assert.Equal(flaws.Order(), (await TenantTables.FindFlawsAsync(connection, Ct)).Order());
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;
}
