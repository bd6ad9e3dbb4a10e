using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlowChat.Queues.RabbitMq;

/// <summary>
/// What an operator's policies do to the queues. AMQP doesn't tell; the management does, where it is switched on and
/// lets the user in.
/// </summary>
internal sealed class RabbitMqPolicies(RabbitMqUrl url, TimeProvider time)
{
    // An overflow isn't among them: the queue's own argument says to refuse, and wins.
    private static readonly string[] Dropping = ["message-ttl", "expires", "delivery-limit"];
    private static readonly string[] Limiting = ["max-length", "max-length-bytes"];

    // Who asks for figures waits no longer for them: a firewall may swallow the question.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.3);

    // Nobody has to run the management.
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private Task asking = Task.CompletedTask;
    private volatile IReadOnlyList<string> known = [];
    private long? silentAt;

    /// <returns>What the management said last; nothing once it is silent.</returns>
    public async ValueTask<IReadOnlyList<string>> FindFaultsAsync(
        IEnumerable<string> queues,
        CancellationToken cancellationToken
    )
    {
        Task asked;
        lock (gate)
        {
            if (!asking.IsCompleted || silentAt is { } at && time.GetElapsedTime(at) < Pause)
                return known;
            asked = asking = AskAsync([.. queues.SelectMany(RabbitMqTopology.Of)]);
        }
        try
        {
            await asked.WaitAsync(Patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The answer, if one comes, is for whoever asks next.
        }
        return known;
    }

    private async Task AskAsync(IReadOnlyList<RabbitMqAddress> addresses)
    {
        using var management = url.NewManagement();
        var faults = new List<string>();
        try
        {
            foreach (var name in addresses.Select(at => at.Name))
            {
                var path =
                    $"queues/{Uri.EscapeDataString(url.VirtualHost)}/{Uri.EscapeDataString(name)}";
                using var answer = await management.GetAsync(path);
                if (answer.StatusCode == HttpStatusCode.OK)
                    faults.AddRange(
                        Check(name, (await answer.Content.ReadFromJsonAsync<Queue>())!)
                    );
            }
            silentAt = null;
        }
        catch (Exception e) when (IsSilent(e))
        {
            silentAt = time.GetTimestamp();
        }
        known = faults;
    }

    internal static IEnumerable<string> Check(string name, Queue queue)
    {
        if (queue.Type is not "quorum")
            yield return $"RabbitMQ's queue {name} is {queue.Type} and may lose jobs: it should be a quorum queue.";
        var set = queue.Definition is { ValueKind: JsonValueKind.Object } definition
            ? definition.EnumerateObject().Select(key => key.Name).ToHashSet(StringComparer.Ordinal)
            : [];
        foreach (var key in Dropping.Where(set.Contains))
            yield return $"RabbitMQ drops jobs of {name}: a policy sets {key}, and should not match this queue.";
        foreach (var key in Limiting.Where(set.Contains))
            yield return $"RabbitMQ refuses jobs of {name} once it is full: a policy sets {key}, and should not match it.";
    }

    private static bool IsSilent(Exception exception) =>
        exception is HttpRequestException or OperationCanceledException or JsonException;

    internal sealed record Queue
    {
        [JsonPropertyName("type")]
        public string? Type { get; init; }

        [JsonPropertyName("effective_policy_definition")]
        public JsonElement Definition { get; init; }
    }
}
