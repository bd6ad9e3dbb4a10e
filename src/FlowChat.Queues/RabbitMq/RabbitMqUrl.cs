using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using RabbitMQ.Client;

namespace FlowChat.Queues.RabbitMq;

/// <summary>
/// Where RabbitMQ is: <c>amqp://user:password@host:port/vhost</c>, or <c>amqps://</c> for TLS, with
/// <c>?ca_file=/path.pem</c> for authorities to trust in place of the system's.
/// </summary>
public sealed class RabbitMqUrl
{
    private const string CaFile = "?ca_file=";

    private readonly Uri uri;

    private RabbitMqUrl(Uri uri) => this.uri = uri;

    /// <summary>Reads a URL.</summary>
    /// <exception cref="FormatException">It isn't one; the message doesn't repeat it, for it may hold a password.</exception>
    public static RabbitMqUrl Parse(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri)
        && uri.Scheme is "amqp" or "amqps"
        && uri.Host.Length > 0
        && uri.Segments.Length <= 2
        && (uri.Query.Length == 0 || uri.Query.StartsWith(CaFile, StringComparison.Ordinal))
            ? new RabbitMqUrl(uri)
            : throw new FormatException(
                "A RabbitMQ URL looks like amqp://user:password@host:5672/vhost, with amqps for TLS and ?ca_file= for "
                    + "its authorities."
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
            RequestedHeartbeat = TimeSpan.FromSeconds(10),
            ClientProvidedName = "flowchat",
        };

    // The client's own reading of amqps accepts a certificate of any name.
    private SslOption Tls()
    {
        var option = new SslOption(uri.Host, enabled: uri.Scheme is "amqps")
        {
            AcceptablePolicyErrors = SslPolicyErrors.None,
        };
        if (uri.Query.Length == 0)
            return option;
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(Uri.UnescapeDataString(uri.Query[CaFile.Length..]));
        option.CertificateValidationCallback = (_, certificate, sent, errors) =>
            (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None
            && certificate is X509Certificate2 one
            && IsOf(authorities, one, sent!.ChainPolicy.ExtraStore);
        return option;
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
