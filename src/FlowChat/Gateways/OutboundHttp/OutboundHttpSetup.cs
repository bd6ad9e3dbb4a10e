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
    public static IServiceCollection AddOutboundHttp(
        this IServiceCollection services,
        IReadOnlyCollection<string>? privateHosts,
        TimeSpan timeout
    ) =>
        services
            .AddSingleton(new AddressPolicy(privateHosts))
            .AddSingleton(provider =>
                CreateClient(
                    provider.GetRequiredService<AddressPolicy>(),
                    timeout,
                    MaxResponseBytes
                )
            );

    public static OutboundHttpClient CreateClient(
        AddressPolicy policy,
        TimeSpan timeout,
        long maxResponseBytes
    ) =>
        new(new OutboundGuard(maxResponseBytes, CreateHandler(policy)))
        {
            Timeout = timeout,
            MaxResponseContentBufferSize = maxResponseBytes,
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

internal sealed class OutboundHttpClient(HttpMessageHandler handler) : HttpClient(handler);
