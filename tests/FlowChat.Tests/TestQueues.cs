using FlowChat.Queues;
using FlowChat.Queues.Ledger;
using Microsoft.Extensions.DependencyInjection;

namespace FlowChat.Tests;

/// <summary>For tests of what a broker carries.</summary>
internal static class TestQueues
{
    public static QueueRegistry Queues(this IServiceCollection services) =>
        services.Select(service => service.ImplementationInstance).OfType<QueueRegistry>().Single();

    /// <summary>No worker looks into PostgreSQL by itself: what no entry names isn't run.</summary>
    public static void OnlyByEntries(this IServiceCollection services, string queue) =>
        services.Queues()[queue].PollInterval = TimeSpan.FromMinutes(1);

    /// <summary>Once the queue's broker carries its jobs; until then they are claimed from PostgreSQL.</summary>
    public static Task CarriedAsync(this FlowChatServer server, string queue) =>
        ((LedgerQueueBackend)server.Get<IQueueBackend>())
            .CarriedAsync(queue)
            .WaitAsync(TestContext.Current.CancellationToken);
}
