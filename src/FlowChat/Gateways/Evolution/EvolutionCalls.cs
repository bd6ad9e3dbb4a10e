using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FlowChat.Gateways.OutboundHttp;
using FlowChat.Instances;
using FlowChat.Storage.KeyRing;

namespace FlowChat.Gateways.Evolution;

/// <summary>Calls that send no message: whatever the gateway or the network does is a reply.</summary>
internal sealed class EvolutionCalls(OutboundHttpClient http, SecretBox secrets, TimeProvider clock)
{
    /// <param name="instance">Whose gateway and key.</param>
    /// <param name="method">GET, POST, DELETE.</param>
    /// <param name="path">Of the route; names in it are escaped.</param>
    /// <param name="body">Null = none.</param>
    /// <param name="within">For the whole call.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public async Task<EvolutionReply> CallAsync(
        Instance instance,
        HttpMethod method,
        string path,
        object? body,
        TimeSpan within,
        CancellationToken cancellationToken
    )
    {
        using var timeout = new CancellationTokenSource(within, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(
            timeout.Token,
            cancellationToken
        );
        try
        {
            using var request = new HttpRequestMessage(
                method,
                $"{instance.BaseUrl!.TrimEnd('/')}/{path}"
            );
            request.Headers.TryAddWithoutValidation(
                "apikey",
                secrets.Open(instance.ApiKeyEncrypted!)
            );
            request.Content = body is null ? null : EvolutionBody.ToContent(body);
            using var response = await http.SendAsync(request, stop.Token);
            var bytes = await response.Content.ReadAsByteArrayAsync(stop.Token);
            return EvolutionReply.Of(response.StatusCode, Encoding.UTF8.GetString(bytes));
        }
        catch (CryptographicException)
        {
            return EvolutionReply.None("The gateway's key can't be opened: enter it again.");
        }
        catch (HttpRequestException error)
        {
            return EvolutionReply.None(SendFailure.Describe(error));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return EvolutionReply.None($"No answer within {within.TotalSeconds:0} s.");
        }
    }

    public static string Route(string operation, Instance instance) =>
        $"{operation}/{Uri.EscapeDataString(instance.InstanceName!)}";
}

/// <summary>What came back. Some failures come as 200 with an error in the body.</summary>
/// <param name="Status">Null = no answer came.</param>
/// <param name="Json">Null = it was no JSON.</param>
/// <param name="Reason">The gateway's own words, or why there are none.</param>
internal readonly record struct EvolutionReply(
    HttpStatusCode? Status,
    JsonElement? Json,
    string Reason
)
{
    public bool IsDone =>
        Status is HttpStatusCode.OK or HttpStatusCode.Created
        && Json is { } json
        && !(
            json.ValueKind == JsonValueKind.Object
            && json.TryGetProperty("error", out var error)
            && error.ValueKind == JsonValueKind.True
        );

    public bool IsMissing => Status == HttpStatusCode.NotFound;

    public static EvolutionReply Of(HttpStatusCode status, string body)
    {
        var json = EvolutionAnswer.TryParse(body);
        return new(status, json, EvolutionAnswer.Reason(status, json));
    }

    public static EvolutionReply None(string reason) => new(null, null, reason);
}
