namespace FlowChat.Queues.Redis.Resp;

/// <summary>Work that blocks. It stays on its thread as long as nothing that it awaits is pending.</summary>
internal static class OwnThread
{
    public static Task RunAsync(Func<Task> work) => StartAsync(work).Unwrap();

    public static Task<T> RunAsync<T>(Func<Task<T>> work) => StartAsync(work).Unwrap();

    private static Task<T> StartAsync<T>(Func<T> work) =>
        Task.Factory.StartNew(
            work,
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
}
