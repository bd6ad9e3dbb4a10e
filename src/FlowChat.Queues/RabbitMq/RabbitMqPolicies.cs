using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlowChat.Queues.RabbitMq;

/// <summary>
/// What an operator's policies do to the queues. AMQP doesn't tell; the management does, where it is switched on and
/// lets the user in.
/// </summary>
internal static class RabbitMqPolicies
{
    // An overflow isn't among them: the queue's own argument says to refuse, and wins.
    private static readonly string[] Dropping = ["message-ttl", "expires", "delivery-limit"];
    private static readonly string[] Limiting = ["max-length", "max-length-bytes"];

    public static async ValueTask<IReadOnlyList<string>> FindFaultsAsync(
        RabbitMqUrl url,
        IEnumerable<string> queues,
        CancellationToken cancellationToken
    )
    {
        using var management = url.NewManagement();
        var faults = new List<string>();
        try
        {
            foreach (var name in queues.SelectMany(RabbitMqTopology.Of).Select(at => at.Name))
            {
                var path =
                    $"queues/{Uri.EscapeDataString(url.VirtualHost)}/{Uri.EscapeDataString(name)}";
                using var answer = await management.GetAsync(path, cancellationToken);
                if (answer.StatusCode == HttpStatusCode.OK)
                    faults.AddRange(
                        Check(
                            name,
                            (await answer.Content.ReadFromJsonAsync<Queue>(cancellationToken))!
                        )
                    );
            }
        }
        catch (Exception e) when (IsSilent(e) && !cancellationToken.IsCancellationRequested)
        {
            // Nobody has to run the management.
        }
        return faults;
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
