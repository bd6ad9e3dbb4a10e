using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using FlowChat.Json;
using FlowChat.Queues;

namespace FlowChat.Operations.Work;

/// <summary>A dead job as people see it.</summary>
public sealed record DeadLetter(
    Guid Id,
    string Queue,
    Guid TenantId,
    JsonElement Payload,
    string? Lane,
    string? LimitKey,
    int Attempt,
    string? Error,
    IReadOnlyList<DeadLetterError> Errors,
    DateTimeOffset EnqueuedAt,
    DateTimeOffset DeadAt
)
{
    internal static DeadLetter Of(DeadJob dead) =>
        new(
            dead.Job.Id,
            dead.Job.Queue,
            dead.Job.TenantId,
            Read(dead.Job.Payload.Span),
            dead.Job.Lane,
            dead.Job.LimitKey,
            dead.Attempt,
            dead.Error,
            [
                .. dead.Errors.Select(error => new DeadLetterError(
                    error.At,
                    error.Attempt,
                    error.Error
                )),
            ],
            dead.EnqueuedAt,
            dead.DeadAt
        );

    // A stranger's may be anything.
    private static JsonElement Read(ReadOnlySpan<byte> payload)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(payload);
        }
        catch (JsonException)
        {
            return Utf8.IsValid(payload)
                ? JsonSerializer.SerializeToElement(Encoding.UTF8.GetString(payload))
                : JsonSerializer.SerializeToElement(
                    new { Base64 = Convert.ToBase64String(payload) },
                    FlowChatJson.Options
                );
        }
    }
}

public sealed record DeadLetterError(DateTimeOffset At, int Attempt, string Error);

/// <summary>Which dead letters, and how. Either ids or a filter; an empty filter means all.</summary>
public sealed record DeadLetterRequest(
    IReadOnlyList<Guid>? Ids = null,
    DeadLetterFilter? Filter = null,
    bool DryRun = false,
    double? PerSecond = null
);

/// <param name="Q">Only those whose payload, error, lane or limit key contains the text.</param>
public sealed record DeadLetterFilter(string? Q = null);

/// <param name="Count">How many were, or would be, acted on.</param>
/// <param name="DryRun">Nothing was changed.</param>
public sealed record DeadLetterAnswer(int Count, bool DryRun);
