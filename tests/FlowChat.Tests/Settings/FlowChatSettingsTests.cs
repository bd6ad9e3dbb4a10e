using System.Net;
using FlowChat.Settings;
using Microsoft.Extensions.Configuration;

namespace FlowChat.Tests.Settings;

public sealed class FlowChatSettingsTests
{
    /// <summary>Every setting that can be wrong, with a value that is and the words that help.</summary>
    public static TheoryData<string, string, string> Wrong =>
        new()
        {
            { "PORT", "http", "from 0 to 65535" },
            { "FLOWCHAT_PORT", "65536", "from 0 to 65535" },
            { "FLOWCHAT_PORT", "-1", "from 0 to 65535" },
            { "FLOWCHAT_PORT", "80 80", "from 0 to 65535" },
            { "FLOWCHAT_BIND", "localhost", "127.0.0.1" },
            { "FLOWCHAT_METRICS_BIND", "9464", "127.0.0.1:9464" },
            { "FLOWCHAT_METRICS_BIND", "127.0.0.1", "127.0.0.1:9464" },
            { "FLOWCHAT_PUBLIC_URL", "chat.example.com", "https://chat.example.com" },
            { "FLOWCHAT_PUBLIC_URL", "ftp://chat.example.com", "https://chat.example.com" },
            { "DATABASE_URL", "db", "postgres://user:password@host:port/database" },
            { "FLOWCHAT_MASTER_KEY", "short", "openssl rand -base64 32" },
            { "FLOWCHAT_ADMIN_EMAIL", "ana", "e-mail" },
            { "FLOWCHAT_ADMIN_EMAIL", "@example.com", "e-mail" },
            { "FLOWCHAT_ADMIN_EMAIL", "ana@", "e-mail" },
            { "FLOWCHAT_ADMIN_PASSWORD", "1234567", "at least 8" },
            { "FLOWCHAT_ADMIN_API_KEY", "fck_too_short", "at least 16" },
            { "FLOWCHAT_SHUTDOWN_SECONDS", "5", "from 6 to 3600" },
            {
                "FLOWCHAT_DRAIN_WAIT_SECONDS",
                "25",
                "less than FLOWCHAT_SHUTDOWN_SECONDS less 5, 25"
            },
            { "FLOWCHAT_WEBHOOK_MAX_MB", "0", "from 1 to 1024" },
            { "FLOWCHAT_WEBHOOK_MEMORY_MB", "0", "from 1 to 65536" },
            { "FLOWCHAT_WEBHOOK_MEMORY_MB", "31", "at least FLOWCHAT_WEBHOOK_MAX_MB" },
            { "FLOWCHAT_WEBHOOK_SECONDS", "1.5", "from 1 to 600" },
            { "FLOWCHAT_GATEWAY_SECONDS", "601", "from 1 to 600" },
            { "CHAT_STREAM_SEND_WORKERS", "0", "from 1 to 100" },
            { "CHAT_STREAM_MARK_WORKERS", "101", "from 1 to 100" },
            { "CHAT_STREAM_MAX_RETRIES", "0", "from 1 to 100" },
            { "OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318", "http or https" },
            { "OTEL_EXPORTER_OTLP_PROTOCOL", "http/json", "http/protobuf or grpc" },
            { "CHAT_STREAM_REDIS_URL", "localhost:6379", "redis://user:password@host:port/db" },
            { "CHAT_STREAM_REDIS_DB", "-1", "from 0 to 1023" },
            { "CHAT_STREAM_REDIS_PREFIX", "{a}", "letters, digits" },
            { "CHAT_STREAM_PARTITIONS", "65", "from 1 to 64" },
            { "CHAT_STREAM_DLQ_MAXLEN", "0", "from 1 to 1000000" },
            { "CHAT_STREAM_RECLAIM_IDLE_MS", "1", "from 1000 to 3600000" },
            { "FLOWCHAT_EVENT_DAYS", "366", "from 1 to 365" },
            { "FLOWCHAT_QUARANTINE_DAYS", "0", "from 1 to 3650" },
            { "FLOWCHAT_OLD_SECRET_HOURS", "721", "from 0 to 720" },
        };

    [Fact]
    public void Nothing_has_to_be_set()
    {
        var settings = Read();

        Assert.Equal((8080, IPAddress.Loopback), (settings.Port, settings.Bind));
        Assert.Equal(Path.GetFullPath("data"), settings.DataFolder);
        Assert.Null(settings.DatabaseConnection);
        Assert.Null(settings.PrivateHosts);
        Assert.Equal(
            (32L << 20, 256L << 20),
            (settings.WebhookMaxBytes, settings.WebhookMemoryBytes)
        );
        Assert.Equal((3, 5, 7), (settings.SendWorkers, settings.MaxAttempts, settings.EventDays));
        Assert.Equal((30, 24), (settings.QuarantineDays, settings.OldSecretHours));
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_setting_is_named_with_the_remedy(string name, string value, string remedy)
    {
        var error = Assert.Single(Errors((name, value)));

        Assert.StartsWith(name + " ", error, StringComparison.Ordinal);
        Assert.Contains(remedy, error, StringComparison.Ordinal);
    }

    [Fact]
    public void All_errors_are_listed_at_once()
    {
        var wrong = Wrong.Select(row => row.Data).DistinctBy(row => row.Item1).ToList();

        var errors = Errors([.. wrong.Select(row => (row.Item1, row.Item2))]);

        Assert.Equal(
            wrong.Select(row => row.Item1).Order(),
            errors.Select(error => error[..error.IndexOf(' ', StringComparison.Ordinal)]).Order()
        );
    }

    [Theory]
    [InlineData("DATABASE_URL", "mysql://ana:hunter2hunter2@db")]
    [InlineData("FLOWCHAT_MASTER_KEY", "hunter2hunter2")]
    [InlineData("FLOWCHAT_ADMIN_PASSWORD", "hunter2")]
    [InlineData("FLOWCHAT_ADMIN_API_KEY", "hunter2hunter2")]
    public void A_secret_is_not_quoted(string name, string value) =>
        Assert.DoesNotContain(
            "hunter2",
            Assert.Single(Errors((name, value))),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    public void An_empty_variable_is_an_absent_one(string empty)
    {
        foreach (var name in Wrong.Select(row => row.Data.Item1).Distinct())
        {
            Assert.Equal(8080, Read((name, empty)).Port);
        }
    }

    [Fact]
    public void FLOWCHAT_PORT_goes_before_PORT()
    {
        Assert.Equal(5000, Read(("PORT", "5000")).Port);
        Assert.Equal(0, Read(("PORT", "5000"), ("FLOWCHAT_PORT", "0")).Port);
    }

    [Fact]
    public void The_environment_goes_before_appsettings()
    {
        Assert.Equal(7, Read(("FlowChat:WebhookSeconds", "7")).WebhookBodyTimeout.TotalSeconds);
        Assert.Equal(
            9,
            Read(
                ("FlowChat:WebhookSeconds", "7"),
                ("FLOWCHAT_WEBHOOK_SECONDS", "9")
            ).WebhookBodyTimeout.TotalSeconds
        );
        Assert.Equal(16, Read(("FlowChat:CHAT_STREAM_SEND_WORKERS", "16")).SendWorkers);
    }

    [Theory]
    [InlineData("127.0.0.1", "", "30", 0)]
    [InlineData("127.0.0.1", "https://chat.example.com", "30", 5)]
    [InlineData("0.0.0.0", "", "30", 5)]
    [InlineData("0.0.0.0", "", "11", 2)]
    [InlineData("0.0.0.0", "", "6", 0)]
    public void A_node_waits_for_its_balancer_where_it_may_have_one(
        string bind,
        string publicUrl,
        string shutdown,
        int seconds
    ) =>
        Assert.Equal(
            seconds,
            Read(
                ("FLOWCHAT_BIND", bind),
                ("FLOWCHAT_PUBLIC_URL", publicUrl),
                ("FLOWCHAT_SHUTDOWN_SECONDS", shutdown)
            ).DrainWait.TotalSeconds
        );

    [Fact]
    public void Private_hosts_are_all_while_only_this_machine_can_ask_and_none_otherwise()
    {
        Assert.Null(Read(("FLOWCHAT_BIND", "::1")).PrivateHosts);
        Assert.Empty(Read(("FLOWCHAT_BIND", "0.0.0.0")).PrivateHosts!);
        Assert.Equal(
            ["evolution", "10.0.0.5"],
            Read(
                ("FLOWCHAT_BIND", "0.0.0.0"),
                ("FLOWCHAT_PRIVATE_HOSTS", " evolution, ,10.0.0.5 ")
            ).PrivateHosts
        );
    }

    private static IReadOnlyList<string> Errors(params (string, string)[] settings) =>
        Assert.Throws<InvalidSettingsException>(() => Read(settings)).Errors;

    private static FlowChatSettings Read(params (string Name, string Value)[] settings) =>
        FlowChatSettings.Read(
            new ConfigurationBuilder()
                .AddInMemoryCollection(settings.ToDictionary(s => s.Name, s => (string?)s.Value))
                .Build()
        );
}
