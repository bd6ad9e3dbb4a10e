using FlowChat.Inbound.Evolution;

namespace FlowChat.Gateways.Evolution;

/// <summary>How Evolution shall call us. Its own form of authentication expires before its retries do: a fixed header doesn't.</summary>
internal sealed record EvolutionWebhookSettings(
    bool Enabled,
    string Url,
    IReadOnlyDictionary<string, string> Headers,
    bool ByEvents,
    bool Base64,
    IReadOnlyList<string> Events
)
{
    public static EvolutionWebhookSettings Of(GatewayWebhook webhook) =>
        new(
            Enabled: true,
            webhook.Url,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Authorization"] = $"Bearer {webhook.Secret}",
            },
            ByEvents: false,
            // Media are fetched by their messages' ids.
            Base64: false,
            EvolutionEvent.Registered
        );
}
