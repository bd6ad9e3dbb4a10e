using FlowChat.Conversations;
using FlowChat.Groups;
using FlowChat.Instances;
using FlowChat.Live;
using FlowChat.Media.Incoming;
using FlowChat.Messages;
using FlowChat.Messages.Changes;
using FlowChat.Operations.Custody;
using FlowChat.Pictures;
using FlowChat.Queues;
using FlowChat.Queues.Redis;
using FlowChat.Settings;
using FlowChat.Storage;

namespace FlowChat.Operations.Work;

/// <summary>The queues of FlowChat, and the workers of a process.</summary>
internal static class QueueSetup
{
    public static readonly IReadOnlySet<string> Names = new HashSet<string>(StringComparer.Ordinal)
    {
        SendMessageJob.Queue,
        MarkAsReadJob.Queue,
        ChangeMessageJob.Queue,
        ProcessMediaJob.Queue,
        GroupInfoJob.Queue,
        ProfilePictureJob.Queue,
    };

    private static readonly IReadOnlySet<string> MediaQueues = new HashSet<string>(
        StringComparer.Ordinal
    )
    {
        ProcessMediaJob.Queue,
    };

    private static readonly IReadOnlySet<string> OtherQueues = Names
        .Except(MediaQueues)
        .ToHashSet(StringComparer.Ordinal);

    private static readonly IReadOnlySet<string> None = new HashSet<string>();

    public static void AddQueues(
        this IHostApplicationBuilder builder,
        FlowChatSettings settings,
        bool workers
    ) => builder.AddQueues(settings, workers ? Names : None);

    /// <param name="builder">The process.</param>
    /// <param name="settings">How many workers a queue has.</param>
    /// <param name="worked">The queues whose jobs run in this process.</param>
    public static void AddQueues(
        this IHostApplicationBuilder builder,
        FlowChatSettings settings,
        IReadOnlySet<string> worked
    )
    {
        var services = builder.Services;
        var queues = services
            .AddFlowChatQueues()
            .UseBroker(settings, OtherQueues, MediaQueues)
            .AddQueue<SendMessageJob, SendMessageHandler>(
                SendMessageJob.Queue,
                options => Calls(options, settings, settings.SendWorkers)
            )
            .AddQueue<MarkAsReadJob, MarkAsReadHandler>(
                MarkAsReadJob.Queue,
                options => Calls(options, settings, settings.MarkWorkers)
            )
            .AddQueue<ChangeMessageJob, ChangeMessageHandler>(
                ChangeMessageJob.Queue,
                options => Calls(options, settings, workers: 1)
            )
            .AddQueue<ProcessMediaJob, ProcessMediaHandler>(
                ProcessMediaJob.Queue,
                options => Fetches(options, settings)
            )
            .AddQueue<GroupInfoJob, GroupInfoHandler>(
                GroupInfoJob.Queue,
                options => Questions(options, settings)
            )
            .AddQueue<ProfilePictureJob, ProfilePictureHandler>(
                ProfilePictureJob.Queue,
                options => Questions(options, settings)
            );
        services
            .AddSingleton<GroupQuestion>()
            .AddSingleton<WorkBoard>()
            .AddSingleton<DeadLetters>()
            .AddSingleton<Strangers>()
            .AddSingleton<BrokerLook>()
            .AddSingleton<CustodyLook>();
        if (worked.Count == 0)
        {
            return;
        }
        // Before the workers, so that it ends after them.
        services.AddHosted<WorkReport>().AddHosted<NodeHints>().AddHosted<InstanceMonitor>();
        queues.AddWorkers(worked);
        if (worked.Contains(SendMessageJob.Queue))
        {
            services
                .AddSingleton<CustodyFigures>()
                .AddHosted<StrandedSends>()
                .AddHosted<CustodySweep>();
        }
        if (worked.Contains(ChangeMessageJob.Queue))
        {
            services.AddHosted<StrandedChanges>();
        }
    }

    /// <summary>PostgreSQL keeps the jobs; RabbitMQ carries those of media, Redis the others, where they are.</summary>
    public static QueuesBuilder UseBroker(
        this QueuesBuilder queues,
        FlowChatSettings settings,
        IReadOnlySet<string> others,
        IReadOnlySet<string> media
    )
    {
        queues.UsePostgres(provider => provider.GetRequiredService<Database>().System);
        if (settings.Brokers.RabbitMq is { } rabbitMq)
        {
            queues.WithRabbitMq(rabbitMq, media);
        }
        if (settings.Brokers.Redis is { } redis)
        {
            queues.WithRedis(redis, options => Name(options, settings), others);
        }
        return queues;
    }

    private static void Name(RedisQueueOptions options, FlowChatSettings settings)
    {
        var brokers = settings.Brokers;
        options.Prefix = brokers.Prefix;
        options.Group = brokers.Group;
        options.StreamNames[SendMessageJob.Queue] = brokers.SendName;
        options.StreamNames[MarkAsReadJob.Queue] = brokers.MarkReadName;
        options.MaxLength = settings.MostBacklog;
        options.DeadLetterName = brokers.DeadLetterName;
        options.DeadLetterMaxLength = brokers.DeadLetterMaxLength;
    }

    // A large file takes a handler's time and a disk's, and a gateway's memory: few at once, and fewer of one number.
    private static void Fetches(QueueOptions options, FlowChatSettings settings)
    {
        options.MaxAttempts = settings.MaxAttempts;
        options.Consumers = 2;
        options.Concurrency = 4;
        options.KeyConcurrency = 3;
        options.Lease = settings.Brokers.Lease;
    }

    // What is not known now is asked again by the next message.
    private static void Questions(QueueOptions options, FlowChatSettings settings)
    {
        Calls(options, settings, workers: 1);
        options.MaxAttempts = 3;
    }

    private static void Calls(QueueOptions options, FlowChatSettings settings, int workers)
    {
        options.MaxAttempts = settings.MaxAttempts;
        options.Consumers = workers;
        options.Lease = settings.Brokers.Lease;
        // PostgreSQL alone needs none, and refuses them.
        options.Partitions = settings.Brokers.Redis is null ? 1 : settings.Brokers.Partitions;
        // A WhatsApp session takes one call after the other.
        options.KeyConcurrency = 1;
    }
}
