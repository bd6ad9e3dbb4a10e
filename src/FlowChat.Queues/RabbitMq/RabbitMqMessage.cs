using System.Diagnostics;
using System.Globalization;
using System.Text;
using RabbitMQ.Client;

namespace FlowChat.Queues.RabbitMq;

/// <summary>A job as a message: its payload is the body, the rest is in properties and headers.</summary>
internal sealed record RabbitMqMessage
{
    private const string TenantHeader = "tenant_id";
    private const string AttemptsHeader = "attempts";
    private const string DueHeader = "due_ms";
    private const string ExpiresHeader = "expires_ms";
    private const string ErrorHeader = "error";
    private const string TraceHeader = "traceparent";

    // RabbitMQ counts here how often a consumer died with the message.
    private const string DeliveriesHeader = "x-delivery-count";

    // What a broker takes of a header without complaint.
    private const int MaxError = 4000;

    private static readonly long Last = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    public required Guid Id { get; init; }

    public required ReadOnlyMemory<byte> Body { get; init; }

    public Guid TenantId { get; init; }

    /// <summary>Attempts made.</summary>
    public int Attempts { get; init; }

    public DateTimeOffset EnqueuedAt { get; init; }

    public DateTimeOffset? DueAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public string? TraceParent { get; init; }

    public string? Error { get; init; }

    public static RabbitMqMessage Of(Job job, DateTimeOffset now) =>
        new()
        {
            Id = job.Id,
            Body = job.Payload,
            TenantId = job.TenantId,
            EnqueuedAt = now,
            DueAt = job.DueAt > job.ExpiresAt ? job.ExpiresAt : job.DueAt,
            ExpiresAt = job.ExpiresAt,
            TraceParent = job.TraceParent ?? Activity.Current?.Id,
        };

    /// <summary>A message of another program gets an id of its own when it has none.</summary>
    public static RabbitMqMessage Of(
        IReadOnlyBasicProperties properties,
        ReadOnlyMemory<byte> body
    ) =>
        new()
        {
            Id = Guid.TryParse(properties.MessageId, out var id) ? id : Guid.CreateVersion7(),
            Body = body,
            TenantId = Guid.TryParse(Text(properties, TenantHeader), out var tenant)
                ? tenant
                : default,
            Attempts = Count(properties, AttemptsHeader) + Count(properties, DeliveriesHeader),
            EnqueuedAt =
                (properties.IsTimestampPresent() ? Time(properties.Timestamp.UnixTime) : null)
                ?? DateTimeOffset.UnixEpoch,
            DueAt = Time(properties, DueHeader),
            ExpiresAt = Time(properties, ExpiresHeader),
            TraceParent = Text(properties, TraceHeader),
            Error = Text(properties, ErrorHeader),
        };

    public BasicProperties Properties()
    {
        var headers = new Dictionary<string, object?>(StringComparer.Ordinal);
        if (TenantId != default)
            headers[TenantHeader] = TenantId.ToString();
        if (Attempts > 0)
            headers[AttemptsHeader] = Attempts;
        if (DueAt is { } due)
            headers[DueHeader] = due.ToUnixTimeMilliseconds();
        if (ExpiresAt is { } expires)
            headers[ExpiresHeader] = expires.ToUnixTimeMilliseconds();
        if (TraceParent is not null)
            headers[TraceHeader] = TraceParent;
        if (Error is not null)
            headers[ErrorHeader] = Error.Length > MaxError ? Error[..MaxError] : Error;
        return new BasicProperties
        {
            MessageId = Id.ToString(),
            DeliveryMode = DeliveryModes.Persistent,
            ContentType = "application/json",
            Timestamp = new AmqpTimestamp(EnqueuedAt.ToUnixTimeMilliseconds()),
            Headers = headers.Count > 0 ? headers : null,
        };
    }

    private static DateTimeOffset? Time(IReadOnlyBasicProperties properties, string header) =>
        Number(properties, header) is { } ms ? Time(ms) : null;

    // Another program may mean something else by it.
    private static DateTimeOffset? Time(long ms) =>
        ms >= 0 && ms <= Last ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;

    private static int Count(IReadOnlyBasicProperties properties, string header) =>
        (int)Math.Clamp(Number(properties, header) ?? 0, 0, int.MaxValue / 2);

    private static long? Number(IReadOnlyBasicProperties properties, string header) =>
        properties.Headers?.TryGetValue(header, out var value) == true
        && value is byte or short or int or long
            ? Convert.ToInt64(value, CultureInfo.InvariantCulture)
            : null;

    private static string? Text(IReadOnlyBasicProperties properties, string header) =>
        properties.Headers?.TryGetValue(header, out var value) == true && value is byte[] bytes
            ? Encoding.UTF8.GetString(bytes)
            : null;
}
