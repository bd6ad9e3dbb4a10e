using FlowChat.Queues.Redis.Resp;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowChat.Queues.Tests.Redis.Resp;

internal static class RedisBed
{
    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static RedisClient Client(string url, Func<RedisOptions, RedisOptions>? change = null)
    {
        var options = RedisOptions.Parse(url);
        return new RedisClient(
            change?.Invoke(options) ?? options,
            TimeProvider.System,
            NullLogger<RedisClient>.Instance
        );
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
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Ct);
            }
        }
    }
}
