using System.Runtime.CompilerServices;
using FlowChat.Queues.Redis.Resp;

namespace FlowChat.Queues.Tests.Redis.Resp;

internal static class RedisBed
{
    private static readonly ConditionalWeakTable<RedisClient, LinkLog> Logs = [];

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static RedisClient Client(string url, Func<RedisOptions, RedisOptions>? change = null)
    {
        var options = RedisOptions.Parse(url);
        var log = new LinkLog();
        var client = new RedisClient(change?.Invoke(options) ?? options, TimeProvider.System, log);
        Logs.Add(client, log);
        return client;
    }

    public static async Task<RedisReply> AskAsync(
        this RedisClient client,
        string name,
        params RedisValue[] arguments
    ) => await client.SendAsync(new RedisCommand(name, arguments), Ct);

    /// <summary>Asks until Redis is there (again).</summary>
    public static async Task<RedisReply> AskUntilThereAsync(
        this RedisClient client,
        string name,
        params RedisValue[] arguments
    )
    {
        while (true)
        {
            try
            {
                return await client.AskAsync(name, arguments);
            }
            catch (QueueUnavailableException)
            {
                // One that was cut connects by itself; one that was refused says when it is back.
                await Logs.GetOrCreateValue(client).BackAsync(Ct);
            }
        }
    }
}
