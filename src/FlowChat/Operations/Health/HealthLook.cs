using FlowChat.Queues;

namespace FlowChat.Operations.Health;

/// <summary>
/// Asks everything that FlowChat depends on, all at once and each for a second at most. What is found counts for another
/// second, so that probes cost the same however many there are.
/// </summary>
internal sealed partial class HealthLook
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly DatabaseLook _database;
    private readonly IReadOnlyList<IBrokerCheck> _brokers;
    private readonly TimeProvider _clock;
    private readonly ILogger<HealthLook> _logger;
    private readonly SharedLook<Found> _look;

    public HealthLook(
        DatabaseLook database,
        IEnumerable<IBrokerCheck> brokers,
        TimeProvider clock,
        ILogger<HealthLook> logger
    )
    {
        (_database, _brokers, _clock, _logger) = (database, [.. brokers], clock, logger);
        _look = new(LookAsync, Fresh, clock);
    }

    /// <param name="Database">The database, and who works.</param>
    /// <param name="Redis">A word of <see cref="Connection"/>.</param>
    /// <param name="RabbitMq">A word of <see cref="Connection"/>.</param>
    /// <param name="At">When it was found.</param>
    public sealed record Found(
        DatabaseState Database,
        string Redis,
        string RabbitMq,
        DateTimeOffset At
    );

    public Task<Found> AskAsync(CancellationToken cancellationToken) =>
        _look.AskAsync(cancellationToken);

    private async Task<Found> LookAsync()
    {
        var database = WithinAsync(
            "database",
            _database.ReadAsync,
            new(Connection.Disconnected, null)
        );
        var redis = AskBrokerAsync("redis");
        var rabbitMq = AskBrokerAsync("rabbitmq");
        return new(await database, await redis, await rabbitMq, _clock.GetUtcNow());
    }

    private async Task<string> AskBrokerAsync(string name)
    {
        var asked = _brokers.Where(broker => broker.Broker == name).ToList();
        if (asked.Count == 0)
        {
            return Connection.NotConfigured;
        }
        var answers = await Task.WhenAll(
            asked.Select(broker =>
                WithinAsync(
                    name,
                    async stop =>
                    {
                        await broker.PingAsync(stop);
                        return Connection.Connected;
                    },
                    Connection.Disconnected
                )
            )
        );
        return Array.Find(answers, answer => answer != Connection.Connected)
            ?? Connection.Connected;
    }

    private async Task<T> WithinAsync<T>(
        string name,
        Func<CancellationToken, Task<T>> ask,
        T otherwise
    )
    {
        // Nobody waits for what the token sets off either: a driver that tells a black hole to stop waits there as well.
        var stop = new CancellationTokenSource();
        try
        {
            return await ask(stop.Token).WaitAsync(Patience, _clock);
        }
        catch (Exception error)
        {
            _ = stop.CancelAsync();
            Log.Away(_logger, name, error.Message);
            return otherwise;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "No answer from {Name}: {Reason}")]
        public static partial void Away(ILogger logger, string name, string reason);
    }
}
