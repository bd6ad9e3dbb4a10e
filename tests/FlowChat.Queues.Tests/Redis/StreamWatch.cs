using FlowChat.Testing.Servers;

namespace FlowChat.Queues.Tests.Redis;

/// <summary>What a server's stream of the queue "work" has given to its workers, seen from outside.</summary>
internal static class StreamWatch
{
    private const string LastRead =
        "local g=redis.pcall('XINFO','GROUPS',KEYS[1])[1] return g and g[8] or '0-0'";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Until workers read entries by this server that nobody has read yet.</summary>
    public static async Task UntilReadAsync(RedisServer server)
    {
        string? before = null;
        await UntilAsync(async () => (before = await LastReadAsync(server)) is not null);
        await UntilAsync(async () => await LastReadAsync(server) is { } now && now != before);
    }

    public static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        soon.CancelAfter(3 * QueueBed.Soon);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await isSo())
            await timer.WaitForNextTickAsync(soon.Token);
    }

    private static async Task<string?> LastReadAsync(RedisServer server)
    {
        try
        {
            return await server.AskAsync($"EVAL \"{LastRead}\" 1 chat:stream:work", Ct);
        }
        catch (InvalidOperationException)
        {
            // A cluster whose node came back is down for a moment more.
            return null;
        }
    }
}
