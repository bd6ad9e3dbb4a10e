using System.Globalization;

namespace FlowChat.Queues.Redis.Resp.Sentinel;

/// <summary>Asks the sentinels who the master is, and the one they name whether it agrees.</summary>
internal sealed class SentinelMaster(RedisOptions options, TimeProvider time)
{
    private static readonly RedisCommand Role = new("ROLE");

    private readonly RedisDialer masters = new(options, time);
    private readonly RedisDialer sentinels = new(
        options with
        {
            User = null,
            Password = options.SentinelPassword,
            Database = 0,
        },
        time
    );
    private readonly RedisCommand whoIsMaster = new(
        "SENTINEL",
        "GET-MASTER-ADDR-BY-NAME",
        options.Service!
    );
    private volatile RedisEndpoint[] order = [.. options.Endpoints];

    public async Task<RedisConnection> DialAsync(
        ConnectionUse use,
        CancellationToken cancellationToken
    )
    {
        var endpoint = await FindAsync(cancellationToken);
        var connection = await masters.DialAsync(endpoint, use, cancellationToken);
        try
        {
            var role = await connection.SendAsync(Role, cancellationToken);
            if (role[0].Text == "master")
                return connection;
            // In a failover the sentinels know before the servers do, or after.
            throw new QueueUnavailableException(
                $"Redis at {endpoint} is named as the master of {options.Service} and is a {role[0].Text}."
            );
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task<RedisEndpoint> FindAsync(CancellationToken cancellationToken)
    {
        var answers = new List<string>();
        foreach (var sentinel in order)
        {
            try
            {
                if (await AskAsync(sentinel, cancellationToken) is { } master)
                {
                    order = [sentinel, .. order.Where(other => other != sentinel)];
                    return master;
                }

                answers.Add($"The sentinel at {sentinel} knows no master {options.Service}.");
            }
            catch (Exception e) when (e is QueueUnavailableException or RedisException)
            {
                answers.Add(e.Message);
            }
        }

        throw new QueueUnavailableException(string.Join(' ', answers));
    }

    private async Task<RedisEndpoint?> AskAsync(
        RedisEndpoint sentinel,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await sentinels.DialAsync(
            sentinel,
            ConnectionUse.Shared,
            cancellationToken
        );
        var address = await connection.SendAsync(whoIsMaster, cancellationToken);
        return address.IsNull
            ? null
            : new RedisEndpoint(
                address[0].Text,
                int.Parse(address[1].Text, CultureInfo.InvariantCulture)
            );
    }
}
