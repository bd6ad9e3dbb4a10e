using FlowChat.Storage;

namespace FlowChat.Tests.Storage;

/// <summary>Two releases run side by side while a deploy rolls on, so a migration may only add.</summary>
public sealed class MigrationLintTests
{
    // The tables of the first release are made by the files up to it.
    private const string FirstRelease = "0020";

    [Fact]
    public void No_migration_breaks_the_release_before_it() =>
        Assert.Empty(
            Migration
                .All.Where(m => string.CompareOrdinal(m.Name[..4], FirstRelease) > 0)
                .SelectMany(MigrationLint.FindFaults)
        );

    [Theory]
    [InlineData("drop table contacts")]
    [InlineData("alter table contacts drop column name")]
    [InlineData("alter table contacts drop name")]
    [InlineData("alter table contacts drop if exists name")]
    [InlineData(
        "alter table flowchat.contacts drop column name; create table flowchat.notes (id int)"
    )]
    [InlineData("alter table contacts\n  drop constraint contacts_pkey")]
    [InlineData("alter table contacts rename column name to label")]
    [InlineData("ALTER TABLE contacts RENAME TO people")]
    [InlineData("alter table contacts alter column name type int")]
    [InlineData("alter table contacts alter name set not null")]
    [InlineData("drop function current_tenant")]
    [InlineData("truncate events")]
    public void What_drops_or_renames_is_refused_until_a_later_release(string sql)
    {
        Assert.Contains(
            "contract a release later",
            Assert.Single(Faults(sql)),
            StringComparison.Ordinal
        );
        Assert.Empty(Faults(sql + ";\n-- !min_program 2\n"));
    }

    [Theory]
    [InlineData("alter table contacts add column label text not null", "needs a default")]
    [InlineData("alter table contacts add label text not null", "needs a default")]
    [InlineData(
        "alter table contacts add column a int not null, add column b numeric(5, 2) default 0",
        "needs a default"
    )]
    [InlineData("create index contacts_name on contacts (name)", "concurrently")]
    [InlineData("create unique index contacts_name on contacts (name)", "concurrently")]
    [InlineData("alter table contacts add constraint named check (name <> '')", "not valid")]
    [InlineData("alter table contacts add foreign key (id) references tenants", "not valid")]
    [InlineData(
        "alter table contacts add check (id is not null), add check (name <> '') not valid",
        "not valid"
    )]
    [InlineData("do $$ begin alter table contacts drop column name; end $$", "of its own")]
    [InlineData(
        "select 1;\ndo language plpgsql $do$ begin execute 'truncate events'; end $do$",
        "of its own"
    )]
    [InlineData("do 'begin drop table contacts; end'", "of its own")]
    public void What_holds_the_writes_of_the_release_before_it_up_is_refused(
        string sql,
        string remedy
    ) => Assert.Contains(remedy, Assert.Single(Faults(sql)), StringComparison.Ordinal);

    [Theory]
    [InlineData("alter table contacts add column label text")]
    [InlineData("alter table contacts add column label text not null default ''")]
    [InlineData("alter table contacts add label text not null default ''")]
    [InlineData("alter table contacts alter column name drop not null")]
    [InlineData("do $$ begin perform set_config('flowchat.tenant', '', true); end $$")]
    [InlineData("create table flowchat.notes (id int); alter table flowchat.notes drop column id")]
    [InlineData("create index concurrently contacts_name on contacts (name)")]
    [InlineData("alter table contacts add constraint named check (name <> '') not valid")]
    [InlineData("create table notes (id uuid not null); create index notes_id on notes (id)")]
    [InlineData("create table notes (id uuid); alter table notes add primary key (id)")]
    [InlineData("-- drop table contacts;\nselect 1")]
    [InlineData("create function f() returns void language sql as $$ truncate events; $$")]
    public void What_only_adds_is_fine(string sql) => Assert.Empty(Faults(sql));

    private static IReadOnlyList<string> Faults(string sql) =>
        MigrationLint.FindFaults(new Migration("9999_next", sql));
}
