using System.Globalization;

namespace FlowChat.Queues.Redis.Resp;

/// <summary>
/// <c>redis://</c>, <c>rediss://</c> (TLS), <c>redis+sentinel://h1,h2/service?db=3</c>, <c>redis+cluster://h1,h2</c>.
/// </summary>
internal static class RedisUrl
{
    private const int RedisPort = 6379;
    private const int SentinelPort = 26379;
    private const string Form = "write it as redis://user:password@host:port/db";

    public static RedisOptions Parse(string url)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(url);
        var (scheme, rest) = Cut(url.Trim(), "://", "scheme");
        var (topology, tls) = Scheme(scheme);
        var query = Query(ref rest);
        // A password may hold an unescaped @, a host never does.
        var at = rest.LastIndexOf('@');
        var (user, password) = at < 0 ? (null, null) : Credentials(rest[..at]);
        var slash = rest.IndexOf('/', at + 1);
        var hosts = slash < 0 ? rest[(at + 1)..] : rest[(at + 1)..slash];
        var path = slash < 0 ? "" : rest[(slash + 1)..];
        var service = topology == RedisTopology.Sentinel ? Service(path) : null;
        var database = query.GetValueOrDefault("db") ?? (service is null ? path : "");
        return new RedisOptions
        {
            Topology = topology,
            Endpoints = Endpoints(hosts, topology),
            Service = service,
            User = user,
            Password = password,
            SentinelPassword = query.GetValueOrDefault("sentinel_password"),
            Database = Database(database, topology),
            Tls = tls || query.GetValueOrDefault("tls") == "true",
            CaFile = query.GetValueOrDefault("ca_file"),
            ClientName = query.GetValueOrDefault("client_name") ?? "flowchat",
        };
    }

    public static string Describe(RedisOptions options)
    {
        var scheme = options.Topology switch
        {
            RedisTopology.Sentinel => "redis+sentinel",
            RedisTopology.Cluster => "redis+cluster",
            _ => options.Tls ? "rediss" : "redis",
        };
        var service = options.Service is null ? "" : $"/{options.Service}";
        return $"{scheme}://{string.Join(',', options.Endpoints)}{service} (database {options.Database ?? 0})";
    }

    private static (RedisTopology, bool Tls) Scheme(string scheme) =>
        scheme.ToLowerInvariant() switch
        {
            "redis" => (RedisTopology.OneServer, false),
            "rediss" => (RedisTopology.OneServer, true),
            "redis+sentinel" => (RedisTopology.Sentinel, false),
            "rediss+sentinel" => (RedisTopology.Sentinel, true),
            "redis+cluster" => (RedisTopology.Cluster, false),
            "rediss+cluster" => (RedisTopology.Cluster, true),
            _ => throw Wrong("scheme", "use redis, rediss, redis+sentinel or redis+cluster"),
        };

    private static Dictionary<string, string> Query(ref string rest)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var mark = rest.IndexOf('?', Math.Max(0, rest.LastIndexOf('@')));
        if (mark < 0)
            return values;
        foreach (var pair in rest[(mark + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? pair : pair[..equals];
            if (name is not ("db" or "tls" or "ca_file" or "client_name" or "sentinel_password"))
                throw Wrong(
                    $"option {name}",
                    "use db, tls, ca_file, client_name or sentinel_password"
                );
            values[name] = equals < 0 ? "" : Uri.UnescapeDataString(pair[(equals + 1)..]);
        }

        rest = rest[..mark];
        return values;
    }

    private static (string? User, string? Password) Credentials(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            throw Wrong("password", "write user:password@ or :password@ before the host");
        var user = Uri.UnescapeDataString(text[..colon]);
        var password = Uri.UnescapeDataString(text[(colon + 1)..]);
        // A user may have no password; Redis still wants the word.
        return user.Length == 0 ? (null, password.Length == 0 ? null : password) : (user, password);
    }

    private static RedisEndpoint[] Endpoints(string hosts, RedisTopology topology)
    {
        var port = topology == RedisTopology.Sentinel ? SentinelPort : RedisPort;
        var endpoints = hosts
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(host => Endpoint(host, port))
            .ToArray();
        if (endpoints.Length == 0)
            throw Wrong("host", Form);
        if (endpoints.Length > 1 && topology == RedisTopology.OneServer)
            throw Wrong("host", "several hosts need redis+sentinel:// or redis+cluster://");
        return endpoints;
    }

    private static RedisEndpoint Endpoint(string text, int port)
    {
        // An IPv6 address stands in brackets.
        var end = text.IndexOf(']', StringComparison.Ordinal);
        var colon = text.IndexOf(':', end + 1);
        var host = (colon < 0 ? text : text[..colon]).Trim('[', ']');
        if (host.Length == 0)
            throw Wrong("host", Form);
        if (colon >= 0 && (!TryNumber(text[(colon + 1)..], out port) || port is < 1 or > 65535))
            throw Wrong("port", "it is a number from 1 to 65535");
        return new RedisEndpoint(host, port);
    }

    private static string Service(string path) =>
        path.Length > 0
            ? Uri.UnescapeDataString(path)
            : throw Wrong(
                "service",
                "write redis+sentinel://sentinel1,sentinel2/name-of-the-master"
            );

    private static int? Database(string text, RedisTopology topology)
    {
        if (text.Length == 0)
            return null;
        if (!TryNumber(text, out var database))
            throw Wrong("database", $"it is a number; {Form}");
        if (database > 0 && topology == RedisTopology.Cluster)
            throw Wrong("database", "a cluster has only database 0");
        return database;
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static (string, string) Cut(string text, string mark, string what) =>
        text.IndexOf(mark, StringComparison.Ordinal) is > 0 and var at
            ? (text[..at], text[(at + mark.Length)..])
            : throw Wrong(what, Form);

    private static FormatException Wrong(string field, string remedy) =>
        new($"The Redis URL's {field} can't be used: {remedy}.");
}
