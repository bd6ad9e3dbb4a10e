using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace FlowChat.Queues.Redis.Resp;

/// <summary>From an address to a connection that has been greeted and let in.</summary>
internal sealed class RedisDialer(RedisOptions options, TimeProvider time)
{
    private readonly Lazy<X509Certificate2Collection> authorities = new(() =>
    {
        var collection = new X509Certificate2Collection();
        collection.ImportFromPemFile(options.CaFile!);
        return collection;
    });

    /// <exception cref="QueueUnavailableException">It is away, or doesn't let us in: the message says what to look at.</exception>
    public async Task<RedisConnection> DialAsync(
        RedisEndpoint endpoint,
        ConnectionUse use,
        CancellationToken cancellationToken
    )
    {
        using var patience = new CancellationTokenSource(options.ConnectTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(
            patience.Token,
            cancellationToken
        );
        RedisConnection? connection = null;
        try
        {
            connection = new RedisConnection(
                await OpenAsync(endpoint, use, linked.Token),
                endpoint,
                use,
                options,
                time
            );
            await new Greeting(options, connection).ExchangeAsync(linked.Token);
            return connection;
        }
        catch (Exception e)
        {
            if (connection is not null)
                await connection.DisposeAsync();
            cancellationToken.ThrowIfCancellationRequested();
            throw new QueueUnavailableException($"Redis at {endpoint}: {Reason(e)}", e);
        }
    }

    private async Task<Stream> OpenAsync(
        RedisEndpoint endpoint,
        ConnectionUse use,
        CancellationToken cancellationToken
    )
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (use.HasThread)
                return await OpenBlockingAsync(socket, endpoint, cancellationToken);
            await socket.ConnectAsync(endpoint.Host, endpoint.Port, cancellationToken);
            var stream = new NetworkStream(socket, ownsSocket: true);
            return await SecureAsync(stream, endpoint.Host, cancellationToken);
        }
        catch
        {
            socket.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
    }

    // A socket that was once used asynchronously never blocks again.
    private async Task<Stream> OpenBlockingAsync(
        Socket socket,
        RedisEndpoint endpoint,
        CancellationToken cancellationToken
    )
    {
        await using var givingUp = cancellationToken.UnsafeRegister(
            static socket => ((Socket)socket!).Dispose(),
            socket
        );
        return await OwnThread
            .RunAsync(() =>
            {
                socket.Connect(endpoint.Host, endpoint.Port);
                var stream = new BlockingStream(new NetworkStream(socket, ownsSocket: true));
                return SecureAsync(stream, endpoint.Host, cancellationToken);
            })
            .WaitAsync(cancellationToken);
    }

    private async Task<Stream> SecureAsync(
        Stream stream,
        string host,
        CancellationToken cancellationToken
    )
    {
        if (!options.Tls)
            return stream;
        var secure = new SslStream(stream);
        var authentication = new SslClientAuthenticationOptions { TargetHost = host };
        if (options.CaFile is not null)
        {
            authentication.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            authentication.CertificateChainPolicy.CustomTrustStore.AddRange(authorities.Value);
        }

        await secure.AuthenticateAsClientAsync(authentication, cancellationToken);
        return secure;
    }

    private string Reason(Exception e) =>
        e switch
        {
            RedisException { Code: "WRONGPASS" } =>
                "it refused the user or the password. Look at both in the Redis URL.",
            RedisException { Code: "NOAUTH" } =>
                "it asks for a password. Write it into the Redis URL, before the host.",
            RedisException { Code: "NOPERM" } refused =>
                $"its user may not do what is needed ({refused.Message}). Look at the user's ACL.",
            RedisException refused => $"it refused: {refused.Message}",
            AuthenticationException =>
                "its TLS certificate isn't trusted. Look at its name and at the option ca_file.",
            FileNotFoundException or DirectoryNotFoundException =>
                $"the file of authorities (ca_file) {options.CaFile} isn't there.",
            OperationCanceledException =>
                $"no connection within {options.ConnectTimeout.TotalSeconds:0.#} s.",
            QueueUnavailableException silent => silent.Message,
            _ => e.Message,
        };
}
