using FlowChat.Queues.Redis;
using FlowChat.Queues.Redis.Resp;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowChat.Queues.Tests.Redis;

public sealed class RedisQueueStore(
    string url,
    string prefix,
    Action<RedisQueueOptions>? configure = null,
    IReadOnlyList<string>? nodes = null
) : IQueueStore
{
    // Scripts add the offset to the server's clock; how long workers have had their entries, Redis itself counts.
    private const string AdvanceLua = """
        local group, milliseconds = ARGV[1], tonumber(ARGV[2])
        local metas = ARGV[3] ~= '' and { ARGV[3] } or redis.call('KEYS', '*' .. ARGV[4] .. '*:meta')
        for _, meta in ipairs(metas) do
          redis.call('HINCRBY', meta, 'clock_offset', milliseconds * 1000)
          local base = string.match(meta, '^(.*):meta$')
          for _, name in ipairs({ string.match(base, '^{([^}]*)}$') or base, base .. ':front', base .. ':rescued' }) do
            local pending = redis.pcall('XPENDING', name, group, '-', '+', 100000)
            for _, entry in ipairs(pending.err and {} or pending) do
              redis.call('XCLAIM', name, group, entry[2], 0, entry[1], 'IDLE', entry[3] + milliseconds, 'JUSTID')
            end
          end
        end
        """;

    private readonly List<RedisQueueBackend> backends = [];
    private readonly RedisClient client = new(
        RedisOptions.Parse(url),
        TimeProvider.System,
        NullLogger<RedisClient>.Instance
    );

    internal RedisClient Client => client;

    public string Prefix => prefix;

    public IQueueBackend Open()
    {
        // So few that the small batches of most tests go either way.
        var names = new RedisQueueOptions { Prefix = prefix, LeastForIntake = 4 };
        configure?.Invoke(names);
        var backend = new RedisQueueBackend(
            RedisOptions.Parse(url),
            names,
            TimeProvider.System,
            NullLoggerFactory.Instance
        );
        backends.Add(backend);
        return backend;
    }

    public async Task AdvanceAsync(TimeSpan time, string? queue = null)
    {
        var group = new RedisQueueOptions().Group;
        // A queue's partitions are found by their names, each on its node.
        var only = queue is null || nodes is not null ? "" : $"{CompanionsOf(queue)}:meta";
        foreach (var node in nodes ?? [prefix])
            await client.EvaluateAsync(
                new RedisScript(AdvanceLua),
                [node],
                [group, (long)time.TotalMilliseconds, only, prefix + queue],
                CancellationToken.None
            );
    }

    private string CompanionsOf(string queue) =>
        prefix.Contains('{') ? prefix + queue : $"{{{prefix}{queue}}}";

    public async ValueTask DisposeAsync()
    {
        foreach (var backend in backends)
            await backend.DisposeAsync();
        await client.DisposeAsync();
    }
}
