using FlowChat.Conversations;
using FlowChat.Instances;
using FlowChat.Live;
using FlowChat.Messages;
using FlowChat.Queues;
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
    };

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
            .UseBroker()
            .AddQueue<SendMessageJob, SendMessageHandler>(
                SendMessageJob.Queue,
                options => Calls(options, settings, settings.SendWorkers)
            )
            .AddQueue<MarkAsReadJob, MarkAsReadHandler>(
                MarkAsReadJob.Queue,
                options => Calls(options, settings, settings.MarkWorkers)
            );
        services.AddSingleton<WorkBoard>().AddSingleton<DeadLetters>();
        if (worked.Count == 0)
        {
            return;
        }
        // Before the workers, so that it ends after them.
        services.AddHosted<WorkReport>().AddHosted<NodeHints>().AddHosted<InstanceMonitor>();
        queues.AddWorkers(worked);
        if (worked.Contains(SendMessageJob.Queue))
        {
            services.AddHosted<StrandedSends>();
        }
    }

    /// <summary>What keeps the jobs.</summary>
    public static QueuesBuilder UseBroker(this QueuesBuilder queues) =>
        queues.UsePostgres(provider => provider.GetRequiredService<Database>().System);

    private static void Calls(QueueOptions options, FlowChatSettings settings, int workers)
    {
        options.MaxAttempts = settings.MaxAttempts;
        options.Consumers = workers;
        // A WhatsApp session takes one call after the other.
        options.KeyConcurrency = 1;
    }
}
