using FlowChat.Queues.Postgres;
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
            provider.GetRequiredService<PostgresQueueBackend>()
        );
        services.AddSingleton(provider =>
            provider.GetRequiredService<PostgresQueueBackend>().Signal
        );
        services.AddSingleton(provider => new JobLedger(
            registry,
            provider.GetRequiredService<QueueSignal>(),
            Random.Shared
        ));
        return this;
    }

    /// <summary>Keeps the jobs in Redis Streams; see <see cref="RedisQueueBackend"/>.</summary>
    /// <param name="redis">Which Redis; see <see cref="RedisOptions.Parse"/> for URLs.</param>
    /// <param name="configure">Names and limits.</param>
    public QueuesBuilder UseRedis(RedisOptions redis, Action<RedisQueueOptions>? configure = null)
    {
        var options = new RedisQueueOptions();
        configure?.Invoke(options);
        services.AddSingleton(provider =>
            ActivatorUtilities.CreateInstance<RedisQueueBackend>(provider, redis, options)
        );
        services.AddSingleton<IQueueBackend>(provider =>
            provider.GetRequiredService<RedisQueueBackend>()
        );
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
}
