using System.Net;
using FlowChat.Storage;

namespace FlowChat.Settings;

/// <summary>Everything an operator can set. Read once, at the start.</summary>
public sealed record FlowChatSettings
{
    /// <summary>FLOWCHAT_PORT, else PORT; 8080. 0 takes any free port.</summary>
    public required int Port { get; init; }

    /// <summary>FLOWCHAT_BIND; 127.0.0.1.</summary>
    public required IPAddress Bind { get; init; }

    /// <summary>FLOWCHAT_METRICS_BIND: where /metrics needs no key; absent = nowhere.</summary>
    public required IPEndPoint? MetricsBind { get; init; }

    /// <summary>FLOWCHAT_PUBLIC_URL: what gateways call back; the bound address when absent.</summary>
    public required Uri? PublicUrl { get; init; }

    /// <summary>FLOWCHAT_DATA; ./data.</summary>
    public required string DataFolder { get; init; }

    /// <summary>DATABASE_URL; absent = the embedded PostgreSQL.</summary>
    public required string? DatabaseConnection { get; init; }

    /// <summary>FLOWCHAT_COMMITS: tenants that commit at once; twice the cores with the embedded PostgreSQL, else 16.</summary>
    public required int Commits { get; init; }

    /// <summary>FLOWCHAT_POSTGRES: the folder that holds the embedded PostgreSQL's bin/.</summary>
    public required string? PostgresFolder { get; init; }

    /// <summary>FLOWCHAT_MASTER_KEY: 32 bytes in base64; absent = master.key in the data folder.</summary>
    public required string? MasterKey { get; init; }

    public required string? AdminEmail { get; init; }
    public required string? AdminPassword { get; init; }
    public required string? AdminApiKey { get; init; }

    /// <summary>FLOWCHAT_PRIVATE_HOSTS, comma separated; null = every private host, because only this machine can ask.</summary>
    public required IReadOnlyList<string>? PrivateHosts { get; init; }

    /// <summary>FLOWCHAT_SHUTDOWN_SECONDS; 30.</summary>
    public required TimeSpan Shutdown { get; init; }

    /// <summary>
    /// FLOWCHAT_DRAIN_WAIT_SECONDS: how long a node that stops still does all its work, so that its balancer sees that it
    /// isn't ready; 5, and 0 where only this machine reaches it.
    /// </summary>
    public required TimeSpan DrainWait { get; init; }

    /// <summary>How long an orderly stop may take; the rest of <see cref="Shutdown"/> is what it may take longer.</summary>
    public TimeSpan Drain => Shutdown - Spare;

    /// <summary>Only this machine reaches it, and no proxy is before it.</summary>
    public bool IsLocal => IPAddress.IsLoopback(Bind) && PublicUrl is null;

    /// <summary>FLOWCHAT_WEBHOOK_MAX_MB; 32.</summary>
    public required long WebhookMaxBytes { get; init; }

    /// <summary>FLOWCHAT_WEBHOOK_MEMORY_MB: all large webhook bodies together; 256, never less than one. Beyond it: 503.</summary>
    public required long WebhookMemoryBytes { get; init; }

    /// <summary>FLOWCHAT_WEBHOOK_SECONDS: how long a body may take to arrive; 30.</summary>
    public required TimeSpan WebhookBodyTimeout { get; init; }

    /// <summary>FLOWCHAT_GATEWAY_SECONDS: how long a call to a gateway may take; 30.</summary>
    public required TimeSpan GatewayTimeout { get; init; }

    /// <summary>CHAT_STREAM_SEND_WORKERS; 3.</summary>
    public required int SendWorkers { get; init; }

    /// <summary>CHAT_STREAM_MARK_WORKERS; 2.</summary>
    public required int MarkWorkers { get; init; }

    /// <summary>CHAT_STREAM_MAXLEN: the backlog of a queue that raises an alert, and the most that its stream holds; 5,000.</summary>
    public required int MostBacklog { get; init; }

    /// <summary>Where media are, and how large they may be.</summary>
    public required MediaSettings Media { get; init; }

    /// <summary>Redis and RabbitMQ, where the queues have them.</summary>
    public required BrokerSettings Brokers { get; init; }

    /// <summary>CHAT_STREAM_MAX_RETRIES: attempts of a job, the first included; 5.</summary>
    public required int MaxAttempts { get; init; }

    /// <summary>FLOWCHAT_EVENT_DAYS: how long the live log is kept; 7.</summary>
    public required int EventDays { get; init; }

    /// <summary>FLOWCHAT_QUARANTINE_DAYS: how long webhooks that couldn't be read are kept; 30.</summary>
    public required int QuarantineDays { get; init; }

    /// <summary>FLOWCHAT_OLD_SECRET_HOURS: how long a webhook secret is valid beside the one that replaced it; 24.</summary>
    public required int OldSecretHours { get; init; }

    /// <summary>OTEL_EXPORTER_OTLP_ENDPOINT: the OpenTelemetry collector; absent = nothing is exported.</summary>
    public required Uri? OtlpCollector { get; init; }

    /// <summary>OTEL_EXPORTER_OTLP_PROTOCOL: http/protobuf, or grpc.</summary>
    public required bool OtlpGrpc { get; init; }

    private static readonly TimeSpan Spare = TimeSpan.FromSeconds(5);

    /// <exception cref="InvalidSettingsException">One or more settings are wrong; the message lists all of them.</exception>
    public static FlowChatSettings Read(IConfiguration configuration)
    {
        var reader = new SettingReader(configuration);
        var port = reader.Number("PORT", 8080, 0, 65_535);
        var bindText = reader.Text("FLOWCHAT_BIND") ?? "127.0.0.1";
        var bound = IPAddress.TryParse(bindText, out var bind);
        reader.Check(
            "FLOWCHAT_BIND",
            bindText,
            bound,
            $"is \"{bindText}\": give an IP address such as 127.0.0.1 or 0.0.0.0."
        );
        bind ??= IPAddress.Loopback;
        var database = Database(reader);
        var commits = database is null ? 2 * Environment.ProcessorCount : 16;
        var webhookMegabytes = reader.Number("FLOWCHAT_WEBHOOK_MAX_MB", 32, 1, 1_024);
        var publicUrl = reader.Url("FLOWCHAT_PUBLIC_URL");
        var shutdown = TimeSpan.FromSeconds(
            reader.Number("FLOWCHAT_SHUTDOWN_SECONDS", 30, 6, 3_600)
        );
        var settings = new FlowChatSettings
        {
            Port = reader.Number("FLOWCHAT_PORT", port, 0, 65_535),
            Bind = bind,
            MetricsBind = MetricsAddress(reader),
            PublicUrl = publicUrl,
            DataFolder = Path.GetFullPath(reader.Text("FLOWCHAT_DATA") ?? "data"),
            DatabaseConnection = database,
            Commits = reader.Number("FLOWCHAT_COMMITS", Math.Min(commits, 32), 1, 32),
            PostgresFolder = reader.Text("FLOWCHAT_POSTGRES"),
            MasterKey = MasterKeyText(reader),
            AdminEmail = Email(reader),
            AdminPassword = Secret(reader, "FLOWCHAT_ADMIN_PASSWORD", 8),
            AdminApiKey = Secret(reader, "FLOWCHAT_ADMIN_API_KEY", 16),
            PrivateHosts = Hosts(reader, bind),
            Shutdown = shutdown,
            DrainWait = DrainWaitOf(
                reader,
                shutdown - Spare,
                IPAddress.IsLoopback(bind) && publicUrl is null
            ),
            WebhookMaxBytes = webhookMegabytes * 1_048_576L,
            WebhookMemoryBytes = WebhookMemory(reader, webhookMegabytes) * 1_048_576L,
            WebhookBodyTimeout = TimeSpan.FromSeconds(
                reader.Number("FLOWCHAT_WEBHOOK_SECONDS", 30, 1, 600)
            ),
            GatewayTimeout = TimeSpan.FromSeconds(
                reader.Number("FLOWCHAT_GATEWAY_SECONDS", 30, 1, 600)
            ),
            SendWorkers = reader.Number("CHAT_STREAM_SEND_WORKERS", 3, 1, 100),
            MarkWorkers = reader.Number("CHAT_STREAM_MARK_WORKERS", 2, 1, 100),
            MostBacklog = reader.Number("CHAT_STREAM_MAXLEN", 5_000, 1, 100_000_000),
            Media = MediaSettings.Read(reader),
            Brokers = BrokerSettings.Read(reader),
            MaxAttempts = reader.Number("CHAT_STREAM_MAX_RETRIES", 5, 1, 100),
            EventDays = reader.Number("FLOWCHAT_EVENT_DAYS", 7, 1, 365),
            QuarantineDays = reader.Number("FLOWCHAT_QUARANTINE_DAYS", 30, 1, 3_650),
            OtlpCollector = reader.Url("OTEL_EXPORTER_OTLP_ENDPOINT"),
            OtlpGrpc = IsGrpc(reader),
            OldSecretHours = reader.Number("FLOWCHAT_OLD_SECRET_HOURS", 24, 0, 720),
        };
        return reader.Errors.Count == 0
            ? settings
            : throw new InvalidSettingsException(reader.Errors);
    }

    private static bool IsGrpc(SettingReader reader)
    {
        var protocol = reader.Text("OTEL_EXPORTER_OTLP_PROTOCOL");
        return reader.Check(
            "OTEL_EXPORTER_OTLP_PROTOCOL",
            protocol == "grpc",
            protocol is null or "grpc" or "http/protobuf",
            $"is \"{protocol}\": give http/protobuf or grpc."
        );
    }

    private static IPEndPoint? MetricsAddress(SettingReader reader)
    {
        var text = reader.Text("FLOWCHAT_METRICS_BIND");
        var valid =
            IPEndPoint.TryParse(text ?? "", out var address)
            && text!.EndsWith($":{address.Port}", StringComparison.Ordinal);
        return reader.Check(
            "FLOWCHAT_METRICS_BIND",
            valid ? address : null,
            text is null || valid,
            $"is \"{text}\": give an address and a port, such as 127.0.0.1:9464."
        );
    }

    private static string? Database(SettingReader reader)
    {
        if (reader.Text("DATABASE_URL") is not { } url)
        {
            return null;
        }
        var connection = DatabaseUrl.TryParse(url);
        return reader.Check(
            "DATABASE_URL",
            connection,
            connection is not null,
            "can't be read: give postgres://user:password@host:port/database."
        );
    }

    private static TimeSpan DrainWaitOf(SettingReader reader, TimeSpan drain, bool local)
    {
        var fallback = local ? 0 : Math.Min(5, (int)drain.TotalSeconds / 3);
        var seconds = reader.Number("FLOWCHAT_DRAIN_WAIT_SECONDS", fallback, 0, 3_600);
        return reader.Check(
            "FLOWCHAT_DRAIN_WAIT_SECONDS",
            TimeSpan.FromSeconds(seconds),
            seconds < drain.TotalSeconds,
            $"is \"{seconds}\": give less than FLOWCHAT_SHUTDOWN_SECONDS less 5, {drain.TotalSeconds}: jobs and requests end after it."
        );
    }

    private static int WebhookMemory(SettingReader reader, int largest)
    {
        var megabytes = reader.Number(
            "FLOWCHAT_WEBHOOK_MEMORY_MB",
            Math.Max(256, largest),
            1,
            65_536
        );
        return reader.Check(
            "FLOWCHAT_WEBHOOK_MEMORY_MB",
            megabytes,
            megabytes >= largest,
            $"is \"{megabytes}\": give at least FLOWCHAT_WEBHOOK_MAX_MB, {largest}, or the largest webhook never fits."
        );
    }

    private static string? MasterKeyText(SettingReader reader)
    {
        var text = reader.Text("FLOWCHAT_MASTER_KEY");
        Span<byte> bytes = stackalloc byte[64];
        var valid =
            text is null
            || (Convert.TryFromBase64String(text, bytes, out var length) && length == 32);
        return reader.Check(
            "FLOWCHAT_MASTER_KEY",
            text,
            valid,
            "is no key: give 32 random bytes in base64 (openssl rand -base64 32)."
        );
    }

    private static string? Email(SettingReader reader)
    {
        var text = reader.Text("FLOWCHAT_ADMIN_EMAIL");
        var valid =
            text is null
            || (
                text.IndexOf('@', StringComparison.Ordinal) is > 0 and var at
                && at < text.Length - 1
            );
        return reader.Check(
            "FLOWCHAT_ADMIN_EMAIL",
            text,
            valid,
            $"is \"{text}\": give an e-mail address."
        );
    }

    private static string? Secret(SettingReader reader, string name, int min)
    {
        var text = reader.Text(name);
        return reader.Check(
            name,
            text,
            text is null || text.Length >= min,
            $"is too short: give at least {min} characters."
        );
    }

    private static string[]? Hosts(SettingReader reader, IPAddress bind) =>
        reader
            .Text("FLOWCHAT_PRIVATE_HOSTS")
            ?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        ?? (IPAddress.IsLoopback(bind) ? null : []);
}

/// <summary>The settings are wrong; the message lists every error.</summary>
public sealed class InvalidSettingsException(IReadOnlyList<string> errors)
    : Exception(
        "FlowChat can't start, its settings are wrong:\n"
            + string.Join('\n', errors.Select(error => "  - " + error))
    )
{
    public IReadOnlyList<string> Errors { get; } = errors;
}
