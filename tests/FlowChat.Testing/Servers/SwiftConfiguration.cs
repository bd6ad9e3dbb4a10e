namespace FlowChat.Testing.Servers;

/// <summary>The files of the smallest Swift: one process of each kind, one copy of everything.</summary>
internal static class SwiftConfiguration
{
    public const string Hash = """
        [swift-hash]
        swift_hash_path_suffix = flowchat

        [storage-policy:0]
        name = only
        default = yes
        """;

    public static readonly string[] Storages = ["account", "container", "object"];

    public static string Storage(string kind, int port, string folder) =>
        $"""
            {Process(port, folder)}
            devices = {folder}/devices
            mount_check = false

            [pipeline:main]
            pipeline = {kind}-server

            [app:{kind}-server]
            use = egg:swift#{kind}
            """;

    public static string Proxy(int port, int cache, string folder) =>
        $"""
            {Process(port, folder)}

            [pipeline:main]
            pipeline = catch_errors gatekeeper cache listing_formats bulk s3api tempauth slo dlo proxy-server

            [app:proxy-server]
            use = egg:swift#proxy
            account_autocreate = true

            [filter:cache]
            use = egg:swift#memcache
            memcache_servers = 127.0.0.1:{cache}

            [filter:tempauth]
            use = egg:swift#tempauth
            user_test_tester = testing .admin

            {string.Join(
                '\n',
                Filters.Select(name => $"[filter:{name}]\nuse = egg:swift#{name}\n")
            )}
            """;

    private static readonly string[] Filters =
    [
        "catch_errors",
        "gatekeeper",
        "listing_formats",
        "bulk",
        "s3api",
        "slo",
        "dlo",
    ];

    private static string Process(int port, string folder) =>
        $"""
            [DEFAULT]
            bind_ip = 127.0.0.1
            bind_port = {port}
            workers = 0
            user = {Environment.UserName}
            swift_dir = {folder}
            """;
}
