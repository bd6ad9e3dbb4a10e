using FlowChat.Testing.Servers;

namespace FlowChat.Queues.Tests.Model;

/// <summary>A store that its backends reach through a network of their own.</summary>
/// <param name="store">The store.</param>
/// <param name="network">The network.</param>
/// <param name="end">
/// Waits until the server is done with what it was asked on the connection of this port; null: it is as soon as it answers.
/// </param>
internal sealed class LossyStore(IQueueStore store, FaultProxy network, Func<int, Task>? end = null)
    : IQueueStore
{
    public FaultProxy Network => network;

    public Task EndAsync(int port) => end?.Invoke(port) ?? Task.CompletedTask;

    public IQueueBackend Open() => store.Open();

    public Task AdvanceAsync(TimeSpan time, string? queue = null) =>
        store.AdvanceAsync(time, queue);

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        await network.DisposeAsync();
    }
}
