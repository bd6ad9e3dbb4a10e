namespace FlowChat.Queues;

/// <summary>
/// How the server behind a backend is, as far as the queues depend on it. Registered beside the backend; asked for
/// alerts and by checks of an installation.
/// </summary>
public interface IBrokerCheck
{
    /// <summary>The backend's name, as in <see cref="QueueFigures.Backend"/>.</summary>
    string Broker { get; }

    /// <summary>Asks the server.</summary>
    /// <returns>What is wrong with it, such as an eviction policy that drops jobs; a sentence each, with the remedy.</returns>
    /// <exception cref="QueueUnavailableException">It is away.</exception>
    ValueTask<IReadOnlyList<string>> FindFaultsAsync(CancellationToken cancellationToken);

    /// <summary>Only whether it answers: for probes, which ask often.</summary>
    /// <exception cref="QueueUnavailableException">It is away.</exception>
    async ValueTask PingAsync(CancellationToken cancellationToken) =>
        await FindFaultsAsync(cancellationToken);
}
