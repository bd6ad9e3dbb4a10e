namespace FlowChat.Inbound;

/// <summary>What became of a webhook's elements.</summary>
public sealed record WebhookAnswer(int Accepted, int Duplicates, int Ignored, int Quarantined)
{
    public static WebhookAnswer Nothing { get; } = new(0, 0, 0, 0);

    public static WebhookAnswer operator +(WebhookAnswer a, WebhookAnswer b) =>
        new(
            a.Accepted + b.Accepted,
            a.Duplicates + b.Duplicates,
            a.Ignored + b.Ignored,
            a.Quarantined + b.Quarantined
        );

    public static WebhookAnswer Add(WebhookAnswer left, WebhookAnswer right) => left + right;
}
