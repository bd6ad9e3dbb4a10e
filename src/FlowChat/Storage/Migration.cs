using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using FlowChat.Queues.Postgres;

namespace FlowChat.Storage;

/// <summary>One numbered SQL file, with the engine's files that it includes.</summary>
internal sealed partial record Migration(string Name, string Sql)
{
    private const string Folder = "FlowChat.Storage.Migrations.";

    public string Checksum { get; } =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql)));

    /// <summary>"-- !min_program 2": programs older than that can't work with the schema from here on.</summary>
    public int? MinProgram =>
        MinProgramLine().Match(Sql) is { Success: true } match
            ? int.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture)
            : null;

    /// <summary>The index of a file that is nothing but a <c>create index concurrently</c>: it takes no transaction.</summary>
    public string? BuiltIndex =>
        BuiltIndexLine().Match(Sql) is { Success: true } match ? match.Groups["name"].Value : null;

    public static IReadOnlyList<Migration> All { get; } =
    [
        .. typeof(Migration)
            .Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => new Migration(
                name[Folder.Length..^".sql".Length],
                Compose(Read(name))
            )),
    ];

    private static string Compose(string sql) =>
        IncludeLine().Replace(sql, match => PostgresQueueSchema.Read(match.Groups["file"].Value));

    private static string Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(
        @"^-- !include FlowChat\.Queues/(?<file>\S+)$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex IncludeLine();

    [GeneratedRegex(
        @"^-- !min_program (?<number>\d+)$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex MinProgramLine();

    [GeneratedRegex(
        @"^create (unique )?index concurrently (?<name>\w+)",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex BuiltIndexLine();
}
