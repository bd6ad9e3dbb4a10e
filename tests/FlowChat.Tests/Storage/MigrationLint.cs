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
        var sql = Comment().Replace(migration.Sql, "");
        var statements = Body()
            .Replace(sql, "''")
            .Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var made = statements
            .Select(statement => CreateTable().Match(statement))
            .Where(match => match.Success)
            .Select(match => match.Groups["table"].Value)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return
        [
            .. FindHidden(sql)
                .Concat(
                    statements
                        .Where(statement =>
                            !made.Contains(Target().Match(statement).Groups["table"].Value)
                        )
                        .SelectMany(statement =>
                            FindFaults(statement, migration.MinProgram is not null)
                        )
                )
                .Select(fault => $"{migration.Name}: {fault}"),
        ];
    }

    private static IEnumerable<string> FindHidden(string sql) =>
        Block()
            .Matches(sql)
            .Select(block => Definition().Match(block.Groups["body"].Value))
            .Where(definition => definition.Success)
            .Select(definition =>
                $"\"{definition.Value}\" within a do block can't be judged: write it as a statement of its own."
            );

    private static IEnumerable<string> FindFaults(string statement, bool contracts)
    {
        if (!contracts && Breaking().Match(statement) is { Success: true } breaking)
        {
            yield return $"\"{breaking.Value}\" breaks the release before it: expand now, and contract a release later, with -- !min_program.";
        }
        if (PlainIndex().IsMatch(statement))
        {
            yield return "an index on a table that is in use is built concurrently, in a file of its own.";
        }
        foreach (var action in ActionsOf(statement))
        {
            if (
                AddColumn().IsMatch(action)
                && NotNull().IsMatch(action)
                && !Default().IsMatch(action)
            )
            {
                yield return "a new column that is not null needs a default: the release before it writes none.";
            }
            if (Constraint().IsMatch(action) && !NotValid().IsMatch(action))
            {
                yield return "a constraint on a table that is in use is added as not valid, and validated by the next file.";
            }
        }
    }

    /// <summary>What an alter table does, each for itself, without what stands in parentheses.</summary>
    private static string[] ActionsOf(string statement)
    {
        if (!AlterTable().IsMatch(statement))
        {
            return [];
        }
        var flat = statement;
        while (Parentheses().IsMatch(flat))
        {
            flat = Parentheses().Replace(flat, "");
        }
        return flat.Split(',');
    }

    [GeneratedRegex(@"--[^\n]*", Options, Milliseconds)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\$(?<tag>\w*)\$.*?\$\k<tag>\$", Options, Milliseconds)]
    private static partial Regex Body();

    [GeneratedRegex(
        @"(^|;)\s*do\b[^;$']*(\$(?<tag>\w*)\$(?<body>.*?)\$\k<tag>\$|'(?<body>([^']|'')*)')",
        Options,
        Milliseconds
    )]
    private static partial Regex Block();

    [GeneratedRegex(@"\b(alter|create|drop|revoke|truncate)\b", Options, Milliseconds)]
    private static partial Regex Definition();

    [GeneratedRegex(@"^create table (if not exists )?(\w+\.)?(?<table>\w+)", Options, Milliseconds)]
    private static partial Regex CreateTable();

    [GeneratedRegex(
        @"^(alter table (if exists )?(only )?|create (unique )?index .*?\bon (only )?)(\w+\.)?(?<table>\w+)",
        Options,
        Milliseconds
    )]
    private static partial Regex Target();

    [GeneratedRegex(
        @"^drop (table|view|function|procedure|type)\b|^alter table.*?\b(drop (?!(not null|default|identity|expression)\b)\w+|rename|alter (column )?\w+ (set data )?type|alter (column )?\w+ set not null)\b|^(truncate|revoke)\b",
        Options,
        Milliseconds
    )]
    private static partial Regex Breaking();

    [GeneratedRegex(@"^alter table\b", Options, Milliseconds)]
    private static partial Regex AlterTable();

    [GeneratedRegex(@"\([^()]*\)", Options, Milliseconds)]
    private static partial Regex Parentheses();

    [GeneratedRegex(
        @"\badd (?!(constraint|check|foreign key|unique|primary key|exclude)\b)",
        Options,
        Milliseconds
    )]
    private static partial Regex AddColumn();

    [GeneratedRegex(@"\bnot null\b", Options, Milliseconds)]
    private static partial Regex NotNull();

    [GeneratedRegex(@"\b(default|generated)\b", Options, Milliseconds)]
    private static partial Regex Default();

    [GeneratedRegex(@"^create (unique )?index (?!concurrently\b)", Options, Milliseconds)]
    private static partial Regex PlainIndex();

    [GeneratedRegex(
        @"\badd (constraint \w+ )?(check|foreign key|unique|primary key|exclude)\b",
        Options,
        Milliseconds
    )]
    private static partial Regex Constraint();

    [GeneratedRegex(@"\bnot valid\b", Options, Milliseconds)]
    private static partial Regex NotValid();
}
