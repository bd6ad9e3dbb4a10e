namespace FlowChat.Queues.TestWorker;

internal static class Stay
{
    /// <summary>Long enough for another run of the lane to begin too early.</summary>
    public static Task AWhileAsync() =>
        Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(3)), TimeProvider.System);
}
