namespace FlowChat.Storage.Embedded;

public sealed class EmbeddedPostgresOptions
{
    /// <summary>FlowChat's data folder; the database goes to <c>postgres</c> in it.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The folder that holds bin/postgres; without one, <c>postgres</c> beside the program.</summary>
    public string? BinariesFolder { get; init; }

    /// <summary>Where binaries and database go when root's unprivileged user can't reach the others.</summary>
    public string SystemFolder { get; init; } = "/var/lib/flowchat";

    /// <summary>How long a start may take; recovery after a crash is the slow one.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How often a server that died is looked for.</summary>
    public TimeSpan WatchInterval { get; init; } = TimeSpan.FromSeconds(1);
}
