namespace FlowChat.Queues.Redis.Resp;

/// <summary>How the servers of <see cref="RedisOptions.Endpoints"/> work together.</summary>
public enum RedisTopology
{
    /// <summary>One server.</summary>
    OneServer,

    /// <summary>The endpoints are sentinels; they name the master.</summary>
    Sentinel,

    /// <summary>The endpoints are some nodes of a cluster; they name the others.</summary>
    Cluster,
}

/// <summary>A server's address.</summary>
public readonly record struct RedisEndpoint(string Host, int Port)
{
    /// <summary>The address as in URLs.</summary>
    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}

/// <summary>Which Redis, and how long to wait for it.</summary>
public sealed record RedisOptions
{
    /// <summary>Follows the URL's scheme.</summary>
    public RedisTopology Topology { get; init; }

    /// <summary>The server; with Sentinel the sentinels; with Cluster at least one node that is up.</summary>
    public required IReadOnlyList<RedisEndpoint> Endpoints { get; init; }

    /// <summary>The sentinels' name of the master.</summary>
    public string? Service { get; init; }

    /// <summary>The ACL user; null is Redis's <c>default</c>.</summary>
    public string? User { get; init; }

    /// <summary>Null when the server asks for none.</summary>
    public string? Password { get; init; }

    /// <summary>The sentinels' own password; null when they ask for none.</summary>
    public string? SentinelPassword { get; init; }

    /// <summary>The numbered database; null is 0, which is all that a cluster has.</summary>
    public int? Database { get; init; }

    /// <summary>Whether connections are TLS; the server's certificate is then always checked.</summary>
    public bool Tls { get; init; }

    /// <summary>A PEM file of the authorities to trust in place of the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>What CLIENT LIST shows.</summary>
    public string ClientName { get; init; } = "flowchat";

    /// <summary>For the TCP connection, TLS and the greeting together. 5 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// For each command; after it the outcome is unknown and the connection is closed. Before it as long for a connection,
    /// where there is none yet. 5 s.
    /// </summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How much longer than it asked for a blocking read may take before its connection counts as dead. 3 s.</summary>
    public TimeSpan BlockingGrace { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Commands of a connection that wait for their replies; beyond it callers wait. 16 MiB.</summary>
    public int MaxBytesInFlight { get; init; } = 16 * 1024 * 1024;

    /// <summary>Reads <c>redis://user:password@host:port/db</c> and its kin.</summary>
    /// <exception cref="FormatException">Says which part is wrong; never shows the password.</exception>
    public static RedisOptions Parse(string url) => RedisUrl.Parse(url);

    /// <summary>The servers, without any secret.</summary>
    public override string ToString() => RedisUrl.Describe(this);
}
