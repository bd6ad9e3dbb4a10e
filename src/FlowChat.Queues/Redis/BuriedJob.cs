namespace FlowChat.Queues.Redis;

/// <summary>A dead job as Redis has it.</summary>
internal readonly record struct BuriedJob(long DiedAt, PackedJob Job)
{
    public static DeadJob Read(BuriedJob buried, string queue)
    {
        var texts = buried.Job.Texts();
        var errors = PackedErrors.Read(texts.Errors);
        return new DeadJob
        {
            Job = buried.Job.ToJob(queue, texts),
            Attempt = buried.Job.Attempts,
            Error = errors.Count > 0 ? errors[^1].Error : null,
            Errors = errors,
            EnqueuedAt = buried.Job.EnqueuedAt,
            DeadAt = RedisTime.ToDate(buried.DiedAt),
        };
    }

    public static bool Matches(DeadJob dead, DeadJobFilter filter) =>
        (filter.TenantId is null || filter.TenantId == dead.Job.TenantId)
        && (filter.Ids is null || filter.Ids.Contains(dead.Job.Id))
        && (
            filter.Text is not { } text
            || Has(dead.Error, text)
            || Has(dead.Job.Lane, text)
            || Has(dead.Job.LimitKey, text)
            || Has(System.Text.Encoding.UTF8.GetString(dead.Job.Payload.Span), text)
        );

    /// <summary>The job as it shall run again: its place in a paced row decides when.</summary>
    public static ReadOnlyMemory<byte> Anew(
        BuriedJob buried,
        DeadJob dead,
        DateTimeOffset now,
        int place,
        double? perSecond
    ) =>
        buried.Job.Anew(
            dead.Job with
            {
                DueAt =
                    perSecond is { } pace && place > 0
                        ? now + TimeSpan.FromSeconds(place / pace)
                        : null,
                ExpiresAt = now + (dead.Job.ExpiresAt - dead.EnqueuedAt),
            }
        );

    private static bool Has(string? text, string part) =>
        text?.Contains(part, StringComparison.OrdinalIgnoreCase) ?? false;
}
