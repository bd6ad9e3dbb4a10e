using FlowChat.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowChat.Testing.Stack;

/// <summary>The schema of releases to come. Each adds what a migration may, while the nodes of the one before work.</summary>
public static class LaterSchema
{
    /// <summary>As the first node of that release does when it starts.</summary>
    public static async Task ExpandAsync(string connectionString, int release, CancellationToken ct)
    {
        await using var database = new Database(connectionString);
        await new Migrator(
            database,
            [.. Migration.All, .. Enumerable.Range(1, release).SelectMany(Additions)],
            TimeProvider.System,
            NullLogger<Migrator>.Instance
        ).RunAsync(() => Task.CompletedTask, ct);
    }

    private static IEnumerable<Migration> Additions(int release) =>
        [
            new(
                $"9{release:000}_columns",
                $"""
                alter table messages add column later_{release} text;
                alter table conversations add column later_{release} int not null default {release};
                alter table jobs add column later_{release} timestamptz not null default now();
                """
            ),
            new(
                $"9{release:000}_index",
                $"create index concurrently messages_later_{release} on messages (tenant_id, later_{release})"
            ),
        ];
}
