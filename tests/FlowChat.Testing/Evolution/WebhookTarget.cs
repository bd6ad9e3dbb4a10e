using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Testing.Evolution;

/// <summary>Where an instance's webhooks go: what POST /webhook/set was given.</summary>
public sealed record WebhookTarget(Uri Url, IReadOnlyDictionary<string, string> Headers)
{
    public bool ByEvents { get; init; }

    /// <summary>In capitals, as they are configured; none means all.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    public static WebhookTarget WithSecret(Uri url, string secret) =>
        new(
            url,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Authorization"] = $"Bearer {secret}",
            }
        );

    internal bool Wants(string eventName) =>
        Events.Count == 0
        || Events.Contains(
            EvolutionNumber.Spell(eventName, EventSpelling.Capitals),
            StringComparer.Ordinal
        );

    internal Uri UrlOf(string eventName) =>
        ByEvents ? new Uri($"{Url}/{EvolutionNumber.Spell(eventName, EventSpelling.Dashes)}") : Url;
}
