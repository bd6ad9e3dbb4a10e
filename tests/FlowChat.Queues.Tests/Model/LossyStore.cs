using FlowChat.Testing.Servers;

namespace FlowChat.Queues.Tests.Model;

/// <summary>A store that its backends reach through a network of their own.</summary>
internal sealed class LossyStore(IQueueStore store, FaultProxy network) : IQueueStore
{
    public FaultProxy Network => network;

    public IQueueBackend Open() => store.Open();

    public Task AdvanceAsync(TimeSpan time, string? queue = null) =>
        store.AdvanceAsync(time, queue);

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        await network.DisposeAsync();
    }
}
