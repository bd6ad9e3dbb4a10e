namespace FlowChat.Queues.Tests;

/// <summary>An empty store of jobs on a real server, for one test.</summary>
public interface IQueueStore : IAsyncDisposable
{
    /// <summary>A backend on the store, as another process would have it.</summary>
    IQueueBackend Open();

    /// <summary>Makes one queue or everything in the store older, as if the server's clock had gone on.</summary>
    Task AdvanceAsync(TimeSpan time, string? queue = null);
}
