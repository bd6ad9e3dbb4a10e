using FlowChat.Queues.Ledger;
using FlowChat.Queues.Postgres;
using FlowChat.Queues.RabbitMq;
using FlowChat.Queues.Redis;
using FlowChat.Queues.Redis.Resp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;

namespace FlowChat.Queues;

/// <summary>Registers the engine's services.</summary>
public static class QueuesServiceCollectionExtensions
{
    /// <summary>
    /// Adds the engine: choose a backend, add queues, and, where their jobs shall run, workers. At its start the host
    /// refuses queues that the backend can't keep its promises for.
    /// </summary>
    public static QueuesBuilder AddFlowChatQueues(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<QueueMetrics>();
        services.TryAddSingleton<RunningWorkers>();
        services.TryAddSingleton<JobQueue>();
        var registry = new QueueRegistry();
        services.AddSingleton(registry);
        services.AddHostedService<QueuePreparation>();
        return new QueuesBuilder(services, registry);
    }
}

/// <summary>Adds to the engine what it needs.</summary>
public sealed class QueuesBuilder
{
    private readonly IServiceCollection services;
    private readonly QueueRegistry registry;
    private bool hasLedger;

    internal QueuesBuilder(IServiceCollection services, QueueRegistry registry)
    {
        this.services = services;
        this.registry = registry;
    }

    /// <summary>Keeps the jobs in PostgreSQL; see <see cref="PostgresQueueBackend"/> and <see cref="JobLedger"/>.</summary>
    public QueuesBuilder UsePostgres(NpgsqlDataSource dataSource) => UsePostgres(_ => dataSource);

    /// <summary>Keeps the jobs in PostgreSQL; see <see cref="PostgresQueueBackend"/> and <see cref="JobLedger"/>.</summary>
    public QueuesBuilder UsePostgres(Func<IServiceProvider, NpgsqlDataSource> dataSource)
    {
        services.AddSingleton(provider =>
            ActivatorUtilities.CreateInstance<PostgresQueueBackend>(provider, dataSource(provider))
        );
        services.AddSingleton<IQueueBackend>(provider =>
        {
            var rows = provider.GetRequiredService<PostgresQueueBackend>();
            LedgerBroker[] brokers = [.. provider.GetServices<LedgerBroker>()];
            return brokers.Length == 0
                ? rows
                : ActivatorUtilities.CreateInstance<LedgerQueueBackend>(
                    provider,
                    rows,
                    (IReadOnlyList<LedgerBroker>)brokers
                );
        });
        hasLedger = true;
        services.AddSingleton(provider =>
            provider.GetRequiredService<PostgresQueueBackend>().Signal
        );
        services.AddSingleton(provider => new JobLedger(
            registry,
            provider.GetRequiredService<QueueSignal>(),
            Random.Shared,
            provider.GetRequiredService<QueueMetrics>()
        ));
        return this;
    }

    /// <summary>Keeps the jobs in Redis Streams; see <see cref="RedisQueueBackend"/>.</summary>
    /// <param name="redis">Which Redis; see <see cref="RedisOptions.Parse"/> for URLs.</param>
    /// <param name="configure">Names and limits.</param>
    public QueuesBuilder UseRedis(RedisOptions redis, Action<RedisQueueOptions>? configure = null)
    {
        AddRedis(redis, configure);
        services.AddSingleton<IQueueBackend>(provider =>
            provider.GetRequiredService<RedisQueueBackend>()
        );
        return this;
    }

    /// <summary>
    /// Lets Redis Streams carry jobs of PostgreSQL to their workers; the rows stay the truth, and every promise with them.
    /// See <see cref="LedgerQueueBackend"/>.
    /// </summary>
    /// <param name="redis">Which Redis; see <see cref="RedisOptions.Parse"/> for URLs.</param>
    /// <param name="configure">Names and limits.</param>
    /// <param name="queues">Which. Default: all that no broker before it carries.</param>
    /// <exception cref="InvalidOperationException"><c>UsePostgres</c> doesn't come before it.</exception>
    public QueuesBuilder WithRedis(
        RedisOptions redis,
        Action<RedisQueueOptions>? configure = null,
        IReadOnlySet<string>? queues = null
    )
    {
        AddRedis(redis, configure);
        return WithBroker(provider => provider.GetRequiredService<RedisQueueBackend>(), queues);
    }

    /// <summary>
    /// Keeps the jobs in RabbitMQ alone, with the promises that <see cref="RabbitMqQueueBackend"/> can keep; the others it
    /// refuses.
    /// </summary>
    /// <param name="url"><c>amqp://user:password@host:port/vhost</c>, or <c>amqps</c>; see <see cref="RabbitMqUrl"/>.</param>
    /// <exception cref="FormatException">The URL isn't one.</exception>
    public QueuesBuilder UseRabbitMq(string url)
    {
        var address = RabbitMqUrl.Parse(url);
        AddRabbitMq(address);
        services.AddSingleton<IQueueBackend>(provider =>
            provider.GetRequiredService<RabbitMqQueueBackend>()
        );
        return this;
    }

    /// <summary>
    /// Lets RabbitMQ carry jobs of PostgreSQL to their workers; the rows stay the truth, and every promise with them. See
    /// <see cref="LedgerQueueBackend"/>.
    /// </summary>
    /// <param name="url"><c>amqp://user:password@host:port/vhost</c>, or <c>amqps</c>; see <see cref="RabbitMqUrl"/>.</param>
    /// <param name="queues">Which. Default: all that no broker before it carries.</param>
    /// <exception cref="FormatException">The URL isn't one.</exception>
    /// <exception cref="InvalidOperationException"><c>UsePostgres</c> doesn't come before it.</exception>
    public QueuesBuilder WithRabbitMq(string url, IReadOnlySet<string>? queues = null)
    {
        var address = RabbitMqUrl.Parse(url);
        AddRabbitMq(address);
        return WithBroker(provider => provider.GetRequiredService<RabbitMqQueueBackend>(), queues);
    }

    /// <summary>Lets another backend carry jobs of PostgreSQL to their workers.</summary>
    /// <param name="broker">Makes it; it needs neither lanes nor limit keys. Disposed with the host.</param>
    /// <param name="queues">Which. Default: all that no broker before it carries.</param>
    /// <exception cref="InvalidOperationException"><c>UsePostgres</c> doesn't come before it.</exception>
    public QueuesBuilder WithBroker(
        Func<IServiceProvider, IQueueBackend> broker,
        IReadOnlySet<string>? queues = null
    )
    {
        if (!hasLedger)
            throw new InvalidOperationException(
                "A broker carries the jobs of a ledger: call UsePostgres first."
            );
        services.AddSingleton(provider => new LedgerBroker(
            broker(provider),
            name => queues?.Contains(name) ?? true
        ));
        return this;
    }

    /// <summary>Adds a queue, its <see cref="JobQueue{TPayload}"/> and its handler.</summary>
    /// <exception cref="ArgumentException">The options are out of range; the message lists all that are.</exception>
    public QueuesBuilder AddQueue<TPayload, THandler>(
        string name,
        Action<QueueOptions>? configure = null
    )
        where THandler : class, IJobHandler<TPayload>
    {
        var options = new QueueOptions { Name = name };
        configure?.Invoke(options);
        registry.Add(options);
        services.TryAddScoped<THandler>();
        services.AddSingleton(QueueRegistration.Of<TPayload, THandler>(options));
        services.AddSingleton(provider =>
            ActivatorUtilities.CreateInstance<JobQueue<TPayload>>(provider, name)
        );
        return this;
    }

    /// <summary>
    /// Runs workers in this process: <see cref="QueueOptions.Consumers"/> for each queue, with the rescuer of its
    /// abandoned jobs. They stop with the host, within its shutdown time.
    /// </summary>
    /// <param name="queues">Which. Default: all.</param>
    public QueuesBuilder AddWorkers(IReadOnlySet<string>? queues = null)
    {
        services.AddHostedService(provider =>
            ActivatorUtilities.CreateInstance<QueueWorkerHost>(
                provider,
                new Func<string, bool>(name => queues?.Contains(name) ?? true)
            )
        );
        return this;
    }

    private void AddRedis(RedisOptions redis, Action<RedisQueueOptions>? configure)
    {
        var options = new RedisQueueOptions();
        configure?.Invoke(options);
        services.AddSingleton(provider =>
            ActivatorUtilities.CreateInstance<RedisQueueBackend>(provider, redis, options)
        );
        services.AddSingleton<IBrokerCheck>(provider =>
            provider.GetRequiredService<RedisQueueBackend>()
        );
    }

    private void AddRabbitMq(RabbitMqUrl url)
    {
        services.AddSingleton(provider => new RabbitMqQueueBackend(
            url,
            provider.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton<IBrokerCheck>(provider =>
            provider.GetRequiredService<RabbitMqQueueBackend>()
        );
    }
}
