using FlowChat.Operations.Work;
using FlowChat.Queues.RabbitMq;
using FlowChat.Queues.Redis.Resp;

namespace FlowChat.Settings;

/// <summary>The brokers that carry jobs from PostgreSQL to the workers. Without any, PostgreSQL does that too.</summary>
public sealed record BrokerSettings
{
    private const string SendQueue = "send_message",
        MarkReadQueue = "mark_as_read";
    private const int QueueDatabase = 3;

    /// <summary>
    /// CHAT_STREAM_REDIS_URL, else REDIS_URL, else UPSTASH_REDIS_HOST with _PORT and _PASSWORD, else UPSTASH_REDIS_REST_URL
    /// with its token. The database is the URL's own, else CHAT_STREAM_REDIS_DB.
    /// </summary>
    public required RedisOptions? Redis { get; init; }

    /// <summary>RABBITMQ_URL: it carries the jobs of media; absent = PostgreSQL alone does.</summary>
    public required string? RabbitMq { get; init; }

    /// <summary>CHAT_STREAM_REDIS_PREFIX; chat:stream:.</summary>
    public required string Prefix { get; init; }

    /// <summary>CHAT_STREAM_CONSUMER_GROUP; chat_send_workers.</summary>
    public required string Group { get; init; }

    /// <summary>CHAT_STREAM_SEND_NAME, with or without the prefix; send_message.</summary>
    public required string SendName { get; init; }

    /// <summary>CHAT_STREAM_MARK_READ_NAME, with or without the prefix; mark_as_read.</summary>
    public required string MarkReadName { get; init; }

    /// <summary>CHAT_STREAM_PARTITIONS: the streams of each queue; 1.</summary>
    public required int Partitions { get; init; }

    /// <summary>CHAT_STREAM_DLQ_NAME, with or without the prefix; dead_letter.</summary>
    public required string DeadLetterName { get; init; }

    /// <summary>CHAT_STREAM_DLQ_MAXLEN; 2,000.</summary>
    public required int DeadLetterMaxLength { get; init; }

    /// <summary>CHAT_STREAM_RECLAIM_IDLE_MS: after it a silent worker's jobs are another's; 60,000.</summary>
    public required TimeSpan Lease { get; init; }

    internal static BrokerSettings Read(SettingReader reader)
    {
        var database = reader.Number("CHAT_STREAM_REDIS_DB", QueueDatabase, 0, 1_023);
        var prefix = Name(reader, "CHAT_STREAM_REDIS_PREFIX", "chat:stream:");
        var settings = new BrokerSettings
        {
            Redis = ReadRedis(reader) is { } redis
                ? redis with
                {
                    Database = redis.Database ?? Own(redis, database),
                }
                : null,
            RabbitMq = ReadRabbitMq(reader),
            Prefix = prefix,
            Group = Name(reader, "CHAT_STREAM_CONSUMER_GROUP", "chat_send_workers"),
            SendName = StreamName(reader, "CHAT_STREAM_SEND_NAME", SendQueue, prefix),
            MarkReadName = StreamName(reader, "CHAT_STREAM_MARK_READ_NAME", MarkReadQueue, prefix),
            Partitions = reader.Number("CHAT_STREAM_PARTITIONS", 1, 1, 64),
            DeadLetterName = StreamName(reader, "CHAT_STREAM_DLQ_NAME", "dead_letter", prefix),
            DeadLetterMaxLength = reader.Number("CHAT_STREAM_DLQ_MAXLEN", 2_000, 1, 1_000_000),
            Lease = TimeSpan.FromMilliseconds(
                reader.Number("CHAT_STREAM_RECLAIM_IDLE_MS", 60_000, 1_000, 3_600_000)
            ),
        };
        var others = QueueSetup.Names.Except([SendQueue, MarkReadQueue]).ToArray();
        Differ(reader, "CHAT_STREAM_SEND_NAME", settings.SendName, others);
        Differ(
            reader,
            "CHAT_STREAM_MARK_READ_NAME",
            settings.MarkReadName,
            [settings.SendName, .. others]
        );
        Differ(
            reader,
            "CHAT_STREAM_DLQ_NAME",
            settings.DeadLetterName,
            [settings.SendName, settings.MarkReadName, .. others]
        );
        return settings;
    }

    /// <summary>Two queues on one stream would take each other's jobs, and the dead letters' copy is trimmed.</summary>
    private static void Differ(
        SettingReader reader,
        string setting,
        string name,
        IReadOnlyCollection<string> others
    ) =>
        reader.Check(
            setting,
            name,
            !others.Contains(name),
            $"is \"{name}\": another stream has that name, give one of its own."
        );

    private static int? Own(RedisOptions redis, int database) =>
        redis.Topology == RedisTopology.Cluster ? null : database;

    private static RedisOptions? ReadRedis(SettingReader reader)
    {
        foreach (var name in (string[])["CHAT_STREAM_REDIS_URL", "REDIS_URL"])
        {
            if (reader.Text(name) is { } url)
            {
                return Parse(reader, name, url);
            }
        }
        if (reader.Text("UPSTASH_REDIS_HOST") is { } host)
        {
            var port = reader.Number("UPSTASH_REDIS_PORT", 6379, 1, 65_535);
            return Upstash(
                reader,
                "UPSTASH_REDIS_HOST",
                $"{host}:{port}",
                "UPSTASH_REDIS_PASSWORD"
            );
        }
        return reader.Url("UPSTASH_REDIS_REST_URL") is { } rest
            ? Upstash(
                reader,
                "UPSTASH_REDIS_REST_URL",
                $"{rest.Host}:6379",
                "UPSTASH_REDIS_REST_TOKEN"
            )
            : null;
    }

    private static RedisOptions? Upstash(
        SettingReader reader,
        string name,
        string address,
        string secretName
    )
    {
        var secret = reader.Text(secretName);
        reader.Check(secretName, secret, secret is not null, $"is missing: {name} needs it.");
        // It has one database.
        return Parse(
            reader,
            name,
            $"rediss://default:{Uri.EscapeDataString(secret ?? "")}@{address}/0"
        );
    }

    private static RedisOptions? Parse(SettingReader reader, string name, string url)
    {
        try
        {
            return RedisOptions.Parse(url);
        }
        catch (FormatException error)
        {
            return reader.Check<RedisOptions?>(
                name,
                null,
                false,
                $"can't be read. {error.Message}"
            );
        }
    }

    private static string? ReadRabbitMq(SettingReader reader)
    {
        const string Name = "RABBITMQ_URL";
        var url = reader.Text(Name);
        try
        {
            _ = url is null ? null : RabbitMqUrl.Parse(url);
            return url;
        }
        catch (FormatException error)
        {
            return reader.Check<string?>(Name, null, false, $"can't be read. {error.Message}");
        }
    }

    /// <summary>The name after the prefix, also where the setting has the prefix too.</summary>
    private static string StreamName(
        SettingReader reader,
        string setting,
        string fallback,
        string prefix
    )
    {
        var name = Name(reader, setting, fallback);
        if (!name.StartsWith(prefix, StringComparison.Ordinal))
        {
            return name;
        }
        var bare = name[prefix.Length..];
        return reader.Check(
            setting,
            bare,
            bare.Length > 0,
            $"is \"{name}\", which is CHAT_STREAM_REDIS_PREFIX: give the stream a name of its own."
        );
    }

    private static string Name(SettingReader reader, string setting, string fallback)
    {
        var text = reader.Text(setting) ?? fallback;
        return reader.Check(
            setting,
            text,
            text.Length <= 100
                && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or ':'),
            $"is \"{text}\": give up to 100 letters, digits, '_', '-', '.' and ':'."
        );
    }
}
