using System.Text.RegularExpressions;
using FlowChat.Storage;

namespace FlowChat.Tests.Storage;

/// <summary>Finds what the release before a migration can't work beside, or what would hold its writes up.</summary>
internal static partial class MigrationLint
{
    private const RegexOptions Options =
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.Singleline;

    private const int Milliseconds = 1_000;

    /// <returns>What is wrong, each with its remedy; a migration that raises min_program may drop and rename.</returns>
    public static IReadOnlyList<string> FindFaults(Migration migration)
    {
        var statements = Body()
            .Replace(Comment().Replace(migration.Sql, ""), "''")
            .Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var made = statements
            .Select(statement => CreateTable().Match(statement))
            .Where(match => match.Success)
            .Select(match => match.Groups["table"].Value)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return
        [
            .. statements
                .Where(statement => !made.Contains(Target().Match(statement).Groups["table"].Value))
                .SelectMany(statement => FindFaults(statement, migration.MinProgram is not null))
                .Select(fault => $"{migration.Name}: {fault}"),
        ];
    }

    private static IEnumerable<string> FindFaults(string statement, bool contracts)
    {
        if (!contracts && Breaking().Match(statement) is { Success: true } breaking)
        {
            yield return $"\"{breaking.Value}\" breaks the release before it: expand now, and contract a release later, with -- !min_program.";
        }
        if (
            AddColumn().IsMatch(statement)
            && NotNull().IsMatch(statement)
            && !Default().IsMatch(statement)
        )
        {
            yield return "a new column that is not null needs a default: the release before it writes none.";
        }
        if (PlainIndex().IsMatch(statement))
        {
            yield return "an index on a table that is in use is built concurrently, in a file of its own.";
        }
        if (Constraint().IsMatch(statement) && !NotValid().IsMatch(statement))
        {
            yield return "a constraint on a table that is in use is added as not valid, and validated by the next file.";
        }
    }

    [GeneratedRegex(@"--[^\n]*", Options, Milliseconds)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\$(?<tag>\w*)\$.*?\$\k<tag>\$", Options, Milliseconds)]
    private static partial Regex Body();

    [GeneratedRegex(@"^create table (if not exists )?(?<table>\w+)", Options, Milliseconds)]
    private static partial Regex CreateTable();

    [GeneratedRegex(
        @"^(alter table (if exists )?(only )?|create (unique )?index .*?\bon (only )?)(?<table>\w+)",
        Options,
        Milliseconds
    )]
    private static partial Regex Target();

    [GeneratedRegex(
        @"^drop (table|view|function|procedure|type)\b|^alter table.*?\b(drop (column|constraint)|rename|alter (column )?\w+ (set data )?type|alter (column )?\w+ set not null)\b|^(truncate|revoke)\b",
        Options,
        Milliseconds
    )]
    private static partial Regex Breaking();

    [GeneratedRegex(@"^alter table.*\badd column\b", Options, Milliseconds)]
    private static partial Regex AddColumn();

    [GeneratedRegex(@"\bnot null\b", Options, Milliseconds)]
    private static partial Regex NotNull();

    [GeneratedRegex(@"\b(default|generated)\b", Options, Milliseconds)]
    private static partial Regex Default();

    [GeneratedRegex(@"^create (unique )?index (?!concurrently\b)", Options, Milliseconds)]
    private static partial Regex PlainIndex();

    [GeneratedRegex(
        @"^alter table.*\badd (constraint \w+ )?(check|foreign key|unique|primary key|exclude)\b",
        Options,
        Milliseconds
    )]
    private static partial Regex Constraint();

    [GeneratedRegex(@"\bnot valid\b", Options, Milliseconds)]
    private static partial Regex NotValid();
}
