namespace FlowChat.Queues.Redis.Resp;

/// <summary>The first words on a connection: RESP3 in one HELLO, or RESP2 in several commands with a server that has none.</summary>
internal sealed class Greeting(RedisOptions options, RedisConnection connection)
{
    private const string UnknownCommand = "ERR unknown command";

    public async Task ExchangeAsync(CancellationToken cancellationToken)
    {
        try
        {
            var hello = await connection.SendAsync(Hello(), cancellationToken);
            connection.Id = Find(hello, "id");
        }
        catch (RedisException e) when (IsAboutHello(e))
        {
            connection.IsOld = true;
            await SayItInOldWordsAsync(cancellationToken);
        }

        if (options.Database is > 0 and var database)
            await SelectAsync(database, cancellationToken);
    }

    private RedisCommand Hello()
    {
        List<RedisValue> words = [3];
        if (options.Password is not null)
            words.AddRange(["AUTH", options.User ?? "default", options.Password]);
        words.AddRange(["SETNAME", options.ClientName]);
        return new RedisCommand("HELLO", [.. words]);
    }

    private async Task SayItInOldWordsAsync(CancellationToken cancellationToken)
    {
        if (options.Password is { } password)
            await AuthenticateAsync(password, cancellationToken);
        await connection.SendAsync(
            new RedisCommand("CLIENT", "SETNAME", options.ClientName),
            cancellationToken
        );
        var id = await connection.SendAsync(new RedisCommand("CLIENT", "ID"), cancellationToken);
        connection.Id = id.Integer;
    }

    private async Task AuthenticateAsync(string password, CancellationToken cancellationToken)
    {
        RedisValue[] credentials = options.User is null ? [password] : [options.User, password];
        try
        {
            await connection.SendAsync(new RedisCommand("AUTH", credentials), cancellationToken);
        }
        catch (RedisException e)
            when (e.Message.StartsWith(UnknownCommand, StringComparison.Ordinal))
        {
            // Such an error repeats what it was given.
            throw new RedisException(UnknownCommand + " AUTH");
        }
    }

    private async Task SelectAsync(int database, CancellationToken cancellationToken)
    {
        try
        {
            await connection.SendAsync(new RedisCommand("SELECT", database), cancellationToken);
        }
        catch (RedisException e)
            when (e.Message.Contains("not allowed in cluster mode", StringComparison.Ordinal))
        {
            throw new RedisException(
                $"ERR it is a node of a cluster, which has no database {database}. Write its address as redis+cluster://host:port, or rediss+cluster:// for TLS"
            );
        }
        catch (RedisException e)
        {
            throw new RedisException(
                $"ERR database {database} of the Redis URL can't be used: {e.Message}"
            );
        }
    }

    private static bool IsAboutHello(RedisException e) =>
        e.Code == "NOPROTO" || e.Message.StartsWith(UnknownCommand, StringComparison.Ordinal);

    private static long Find(RedisReply map, string name)
    {
        for (var n = 0; n + 1 < map.Count; n += 2)
        {
            if (map[n].Text == name)
                return map[n + 1].Integer;
        }

        return 0;
    }
}
