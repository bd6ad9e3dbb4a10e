using FlowChat.Queues;
using FlowChat.Queues.Redis.Resp;
using Npgsql;

/// <summary>The README's lines for each backend.</summary>
internal static class Backend
{
    /// <param name="queues">The engine.</param>
    /// <param name="args">Which line, and what it needs: PostgreSQL's connection string, a broker's URL, or both.</param>
    public static QueuesBuilder Use(this QueuesBuilder queues, string[] args)
    {
        var url = args[^1];
        return args[0] switch
        {
            "redis" => queues.UseRedis(RedisOptions.Parse(url)),
            "rabbitmq" => queues.UseRabbitMq(url),
            _ => UseRows(queues, args, url),
        };
    }

    private static QueuesBuilder UseRows(QueuesBuilder queues, string[] args, string url)
    {
        var database = NpgsqlDataSource.Create(args[1]);
        return args[0] switch
        {
            "postgres" => queues.UsePostgres(database),
            "postgres+redis" => queues.UsePostgres(database).WithRedis(RedisOptions.Parse(url)),
            "postgres+rabbitmq" => queues.UsePostgres(database).WithRabbitMq(url),
            _ => throw new ArgumentException($"No backend is named {args[0]}.", nameof(args)),
        };
    }
}
