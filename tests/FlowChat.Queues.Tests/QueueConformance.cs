namespace FlowChat.Queues.Tests;

/// <summary>What every backend promises. A backend's tests derive from it and say where its stores come from.</summary>
public abstract partial class QueueConformance
{
    protected abstract Task<IQueueStore> CreateStoreAsync();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private async Task<QueueBed> BedAsync(Action<QueueOptions>? configure = null) =>
        await QueueBed.MakeAsync(await CreateStoreAsync(), configure);
}
