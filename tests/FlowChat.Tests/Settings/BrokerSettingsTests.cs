using FlowChat.Settings;
using Microsoft.Extensions.Configuration;

namespace FlowChat.Tests.Settings;

public sealed class BrokerSettingsTests
{
    private const string Upstash = "eu1-calm-cat.upstash.io";

    [Fact]
    public void Without_any_PostgreSQL_carries_the_jobs() => Assert.Null(Read().Redis);

    [Theory]
    [InlineData("redis://h", "redis://h:6379 (database 3)")]
    [InlineData("redis://h/0", "redis://h:6379 (database 0)")]
    [InlineData("rediss://u:p@h:1/7", "rediss://h:1 (database 7)")]
    [InlineData("redis+cluster://a,b", "redis+cluster://a:6379,b:6379 (database 0)")]
    public void The_queues_have_a_database_of_their_own_unless_the_URL_names_one(
        string url,
        string expected
    ) => Assert.Equal(expected, $"{Read(("REDIS_URL", url)).Redis}");

    [Fact]
    public void The_queues_own_URL_comes_before_the_common_one() =>
        Assert.Equal(
            "redis://queues:6379 (database 3)",
            $"{Read(("REDIS_URL", "redis://cache"), ("CHAT_STREAM_REDIS_URL", "redis://queues")).Redis}"
        );

    [Theory]
    [InlineData("UPSTASH_REDIS_HOST", Upstash, "UPSTASH_REDIS_PASSWORD")]
    [InlineData("UPSTASH_REDIS_REST_URL", "https://" + Upstash, "UPSTASH_REDIS_REST_TOKEN")]
    public void Upstash_is_reached_over_TLS(string name, string value, string secretName)
    {
        var redis = Read((name, value), (secretName, "p@ss/word")).Redis;

        Assert.Equal($"rediss://{Upstash}:6379 (database 0)", $"{redis}");
        Assert.Equal(("default", "p@ss/word"), (redis!.User, redis.Password));
        var error = Assert.Throws<InvalidSettingsException>(() => Read((name, value)));
        Assert.StartsWith(secretName, Assert.Single(error.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void The_settings_of_the_system_before_it_name_its_streams()
    {
        var settings = Read(
            ("CHAT_STREAM_REDIS_URL", "redis://default:geheim@redis.railway.internal:6379/3"),
            ("CHAT_STREAM_REDIS_DB", "3"),
            ("CHAT_STREAM_REDIS_PREFIX", "chat:stream:"),
            ("CHAT_STREAM_SEND_NAME", "chat:stream:send_message"),
            ("CHAT_STREAM_MARK_READ_NAME", "chat:stream:mark_as_read"),
            ("CHAT_STREAM_DLQ_NAME", "chat:stream:dead_letter"),
            ("CHAT_STREAM_CONSUMER_GROUP", "chat_send_workers"),
            ("CHAT_STREAM_MAXLEN", "5000"),
            ("CHAT_STREAM_DLQ_MAXLEN", "2000"),
            ("CHAT_STREAM_MAX_RETRIES", "5"),
            ("CHAT_STREAM_RECLAIM_IDLE_MS", "60000")
        );

        Assert.Equal("redis://redis.railway.internal:6379 (database 3)", $"{settings.Redis}");
        Assert.Equal(
            ("chat:stream:", "send_message", "mark_as_read", "dead_letter"),
            (settings.Prefix, settings.SendName, settings.MarkReadName, settings.DeadLetterName)
        );
        Assert.Equal(
            ("chat_send_workers", 2_000, TimeSpan.FromMinutes(1)),
            (settings.Group, settings.DeadLetterMaxLength, settings.Lease)
        );
    }

    [Fact]
    public void A_prefix_alone_names_no_stream()
    {
        var error = Assert.Throws<InvalidSettingsException>(() =>
            Read(("CHAT_STREAM_SEND_NAME", "chat:stream:"))
        );

        Assert.StartsWith(
            "CHAT_STREAM_SEND_NAME is \"chat:stream:\"",
            Assert.Single(error.Errors),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("CHAT_STREAM_SEND_NAME", "fetch_group_info")]
    [InlineData("CHAT_STREAM_MARK_READ_NAME", "send_message")]
    [InlineData("CHAT_STREAM_MARK_READ_NAME", "process_incoming_media")]
    [InlineData("CHAT_STREAM_DLQ_NAME", "send_message")]
    [InlineData("CHAT_STREAM_DLQ_NAME", "change_message")]
    [InlineData("CHAT_STREAM_DLQ_NAME", "mark_as_read")]
    public void No_two_streams_share_a_name(string setting, string name)
    {
        var error = Assert.Throws<InvalidSettingsException>(() => Read((setting, name)));

        Assert.StartsWith(
            $"{setting} is \"{name}\"",
            Assert.Single(error.Errors),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("REDIS_URL", "redis://h:0", "from 1 to 65535")]
    [InlineData("REDIS_URL", "127.0.0.1:6379", "Redis URL's scheme can't")]
    [InlineData("UPSTASH_REDIS_HOST", "h:a:b", "port")]
    [InlineData("UPSTASH_REDIS_REST_URL", "h", "https://")]
    public void A_wrong_address_is_named_with_the_remedy(string name, string value, string remedy)
    {
        var error = Assert.Throws<InvalidSettingsException>(() =>
            Read((name, value), ("UPSTASH_REDIS_PASSWORD", "p"))
        );

        var line = Assert.Single(error.Errors);
        Assert.StartsWith(name, line, StringComparison.Ordinal);
        Assert.Contains(remedy, line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_URL_never_shows_its_password()
    {
        var error = Assert.Throws<InvalidSettingsException>(() =>
            Read(("REDIS_URL", "redis://:geheim@h:port"))
        );

        Assert.DoesNotContain("geheim", error.Message, StringComparison.Ordinal);
    }

    private static BrokerSettings Read(params (string Name, string Value)[] settings) =>
        FlowChatSettings
            .Read(
                new ConfigurationBuilder()
                    .AddInMemoryCollection(
                        settings.ToDictionary(s => s.Name, s => (string?)s.Value)
                    )
                    .Build()
            )
            .Brokers;
}
