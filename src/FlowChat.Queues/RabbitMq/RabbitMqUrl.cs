using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using RabbitMQ.Client;

namespace FlowChat.Queues.RabbitMq;

/// <summary>
/// Where RabbitMQ is: <c>amqp://user:password@host:port/vhost</c>, or <c>amqps://</c> for TLS, with
/// <c>?ca_file=/path.pem</c> for authorities to trust in place of the system's and <c>?management_port=</c> where the
/// management isn't at 15672 (15671 with TLS).
/// </summary>
public sealed class RabbitMqUrl
{
    private const string CaFile = "ca_file",
        ManagementPort = "management_port";

    private readonly Uri uri;
    private readonly Dictionary<string, string> options;

    private RabbitMqUrl(Uri uri, Dictionary<string, string> options)
    {
        this.uri = uri;
        this.options = options;
    }

    /// <summary>Reads a URL.</summary>
    /// <exception cref="FormatException">It isn't one; the message doesn't repeat it, for it may hold a password.</exception>
    public static RabbitMqUrl Parse(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri)
        && uri.Scheme is "amqp" or "amqps"
        && uri.Host.Length > 0
        && uri.Segments.Length <= 2
        && Options(uri.Query) is { } options
            ? new RabbitMqUrl(uri, options)
            : throw new FormatException(
                "A RabbitMQ URL looks like amqp://user:password@host:5672/vhost, with amqps for TLS; its options are "
                    + "?ca_file= and management_port=."
            );

    /// <summary>The address without user and password.</summary>
    public override string ToString() =>
        uri.GetComponents(UriComponents.Scheme | UriComponents.HostAndPort, UriFormat.UriEscaped);

    internal ConnectionFactory NewFactory() =>
        new()
        {
            Uri = new UriBuilder(uri) { Query = "" }.Uri,
            Ssl = Tls(),
            // What dies is replaced here, where it is known what was under way.
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            RequestedConnectionTimeout = TimeSpan.FromSeconds(5),
            ContinuationTimeout = TimeSpan.FromSeconds(10),
            RequestedHeartbeat = TimeSpan.FromSeconds(20),
            ClientProvidedName = "flowchat",
        };

    /// <summary>Asks the management of the same server, as the same user.</summary>
    internal HttpClient NewManagement()
    {
        var tls = uri.Scheme is "amqps";
        var port = options.GetValueOrDefault(ManagementPort) ?? (tls ? "15671" : "15672");
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        handler.SslOptions.RemoteCertificateValidationCallback = Trust();
        var (user, factory) = (new HttpClient(handler), NewFactory());
        user.BaseAddress = new Uri($"{(tls ? "https" : "http")}://{uri.Host}:{port}/api/");
        user.Timeout = TimeSpan.FromSeconds(5);
        user.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes($"{factory.UserName}:{factory.Password}"))
        );
        return user;
    }

    internal string VirtualHost => NewFactory().VirtualHost;

    // The client's own reading of amqps accepts a certificate of any name.
    private SslOption Tls()
    {
        var option = new SslOption(uri.DnsSafeHost, enabled: uri.Scheme is "amqps")
        {
            AcceptablePolicyErrors = SslPolicyErrors.None,
        };
        option.CertificateValidationCallback = Trust();
        return option;
    }

    // Null leaves it to the system's authorities.
    private RemoteCertificateValidationCallback? Trust()
    {
        if (!options.TryGetValue(CaFile, out var file))
            return null;
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(file);
        return (_, certificate, sent, errors) =>
            (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None
            && certificate is X509Certificate2 one
            && IsOf(authorities, one, sent!.ChainPolicy.ExtraStore);
    }

    private static Dictionary<string, string>? Options(string query)
    {
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in query.Split(['?', '&'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (pair.Split('=', 2) is not [CaFile or ManagementPort, var value])
                return null;
            read[pair[..pair.IndexOf('=', StringComparison.Ordinal)]] = Uri.UnescapeDataString(
                value
            );
        }
        return read;
    }

    private static bool IsOf(
        X509Certificate2Collection authorities,
        X509Certificate2 certificate,
        X509Certificate2Collection between
    )
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.ExtraStore.AddRange(between);
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        return chain.Build(certificate);
    }
}
