namespace FlowChat.Gateways.OutboundHttp;

/// <summary>The one client for addresses that people typed.</summary>
internal static class OutboundHttpSetup
{
    private const long MaxResponseBytes = 16 * 1024 * 1024;
    private const int MaxHeaderKilobytes = 32;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    // Node closes an idle connection after 5 s. One that is reused at that moment leaves the outcome of a send unknown.
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(2);

    // A host that moves is found again.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    /// <param name="services">Where the client goes.</param>
    /// <param name="privateHosts">FLOWCHAT_PRIVATE_HOSTS; null = all.</param>
    /// <param name="timeout">FLOWCHAT_GATEWAY_SECONDS: for a whole request.</param>
    /// <param name="maxFileBytes">FLOWCHAT_MEDIA_MAX_MB.</param>
    public static IServiceCollection AddOutboundHttp(
        this IServiceCollection services,
        IReadOnlyCollection<string>? privateHosts,
        TimeSpan timeout,
        long maxFileBytes
    ) =>
        services
            .AddSingleton(new AddressPolicy(privateHosts))
            .AddSingleton(provider =>
                CreateClient(
                    provider.GetRequiredService<AddressPolicy>(),
                    timeout,
                    MaxResponseBytes,
                    maxFileBytes
                )
            );

    public static OutboundHttpClient CreateClient(
        AddressPolicy policy,
        TimeSpan timeout,
        long maxResponseBytes,
        long maxFileBytes = 0
    ) =>
        new(new OutboundGuard(maxResponseBytes, CreateHandler(policy)))
        {
            Timeout = timeout,
            MaxResponseContentBufferSize = maxResponseBytes,
            // In base64 a file is a third larger, and stands among other fields.
            Files = new(
                new OutboundGuard(maxFileBytes / 2 * 3 + MaxResponseBytes, CreateHandler(policy))
            )
            {
                Timeout = Timeout.InfiniteTimeSpan,
                MaxResponseContentBufferSize = MaxResponseBytes,
            },
        };

    private static SocketsHttpHandler CreateHandler(AddressPolicy policy) =>
        new()
        {
            ConnectCallback = new GuardedConnect(policy).ConnectAsync,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionIdleTimeout = IdleTimeout,
            PooledConnectionLifetime = ConnectionLifetime,
            // A redirect could lead inward; a proxy would make the policy judge the wrong address.
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            MaxResponseHeadersLength = MaxHeaderKilobytes,
            // Strangers' servers don't learn our trace ids.
            ActivityHeadersPropagator = null,
        };
}

internal sealed class OutboundHttpClient(HttpMessageHandler handler) : HttpClient(handler)
{
    /// <summary>For requests and answers with a file in them: how long they may take depends on its size, and is the caller's to say.</summary>
    public required HttpClient Files { get; init; }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Files.Dispose();
        }
        base.Dispose(disposing);
    }
}
