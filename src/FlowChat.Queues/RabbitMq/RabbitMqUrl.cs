using RabbitMQ.Client;

namespace FlowChat.Queues.RabbitMq;

/// <summary>Where RabbitMQ is: <c>amqp://user:password@host:port/vhost</c>, or <c>amqps://</c> for TLS.</summary>
public sealed class RabbitMqUrl
{
    private readonly Uri uri;

    private RabbitMqUrl(Uri uri) => this.uri = uri;

    /// <summary>Reads a URL.</summary>
    /// <exception cref="FormatException">It isn't one; the message doesn't repeat it, for it may hold a password.</exception>
    public static RabbitMqUrl Parse(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri)
        && uri.Scheme is "amqp" or "amqps"
        && uri.Host.Length > 0
            ? new RabbitMqUrl(uri)
            : throw new FormatException(
                "A RabbitMQ URL looks like amqp://user:password@host:5672/vhost, with amqps for TLS."
            );

    /// <summary>The address without user and password.</summary>
    public override string ToString() =>
        uri.GetComponents(UriComponents.Scheme | UriComponents.HostAndPort, UriFormat.UriEscaped);

    internal ConnectionFactory NewFactory() =>
        new()
        {
            Uri = uri,
            // What dies is replaced here, where it is known what was under way.
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            RequestedConnectionTimeout = TimeSpan.FromSeconds(5),
            ContinuationTimeout = TimeSpan.FromSeconds(10),
            RequestedHeartbeat = TimeSpan.FromSeconds(10),
            ClientProvidedName = "flowchat",
        };
}
