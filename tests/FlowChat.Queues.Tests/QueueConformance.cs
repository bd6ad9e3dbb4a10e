namespace FlowChat.Queues.Tests;

/// <summary>What every backend promises. A backend's tests derive from it and say where its stores come from.</summary>
public abstract partial class QueueConformance
{
    protected abstract Task<IQueueStore> CreateStoreAsync();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected virtual int Partitions => 1;

    /// <summary>Whether promises over several lanes are kept, too.</summary>
    protected virtual bool IsWhole => Partitions == 1;

    private async Task<QueueBed> BedAsync(Action<QueueOptions>? configure = null) =>
        await QueueBed.MakeAsync(
            await CreateStoreAsync(),
            options =>
            {
                configure?.Invoke(options);
                options.Partitions = PartitionsOf(options);
            }
        );

    /// <summary>For what is promised within one partition.</summary>
    private async Task<QueueBed> UndividedBedAsync() =>
        await QueueBed.MakeAsync(
            await CreateStoreAsync(),
            options => options.Partitions = IsWhole ? Partitions : 1
        );

    // Limits over several partitions are refused, unless rows keep them.
    private int PartitionsOf(QueueOptions options) =>
        IsWhole || !(options.HasKeys || options.IsRated) ? Partitions : 1;
}
