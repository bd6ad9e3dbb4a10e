using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using FlowChat.Gateways.OutboundHttp;
using FlowChat.Instances;
using FlowChat.Media.Store;
using FlowChat.Storage;
using FlowChat.Storage.KeyRing;

namespace FlowChat.Gateways.Cloud;

/// <summary>Calls to Meta's Graph API: whatever it or the network does is a reply.</summary>
internal sealed class GraphCalls(
    OutboundHttpClient http,
    SecretBox secrets,
    MediaStoreAlarm alarm,
    TimeProvider clock
)
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public const string UnopenedToken = "The gateway's key can't be opened: enter it again.";

    public Task<GraphReply> GetAsync(
        Instance instance,
        string path,
        TimeSpan within,
        CancellationToken cancellationToken
    ) => CallAsync(http, instance, HttpMethod.Get, path, NoContent, within, cancellationToken);

    public Task<GraphReply> PostAsync(
        Instance instance,
        string path,
        object body,
        TimeSpan within,
        CancellationToken cancellationToken
    ) =>
        CallAsync(
            http,
            instance,
            HttpMethod.Post,
            path,
            _ => Task.FromResult<HttpContent?>(ToContent(body)),
            within,
            cancellationToken
        );

    /// <summary>A file, written as it is read.</summary>
    public Task<GraphReply> UploadAsync(
        Instance instance,
        string path,
        Func<CancellationToken, Task<HttpContent?>> form,
        TimeSpan within,
        CancellationToken cancellationToken
    ) => CallAsync(http.Files, instance, HttpMethod.Post, path, form, within, cancellationToken);

    /// <summary>A file of Meta's, whose bytes come as they are read. The caller gives up by the token.</summary>
    /// <exception cref="HttpRequestException">It can't be reached.</exception>
    public async Task<HttpResponseMessage> OpenFileAsync(
        Instance instance,
        Uri url,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Authorization = Token(instance);
        return await http.Files.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead,
            cancellationToken
        );
    }

    private async Task<GraphReply> CallAsync(
        HttpClient client,
        Instance instance,
        HttpMethod method,
        string path,
        Func<CancellationToken, Task<HttpContent?>> content,
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
            )
            {
                Content = await content(stop.Token),
            };
            request.Headers.Authorization = Token(instance);
            using var response = await client.SendAsync(request, stop.Token);
            var bytes = await response.Content.ReadAsByteArrayAsync(stop.Token);
            return new GraphReply.Answered(response.StatusCode, Parse(bytes));
        }
        catch (CryptographicException)
        {
            return new GraphReply.KeyUnopened(UnopenedToken);
        }
        catch (Exception error) when (Find<MediaMissingException>(error) is { } missing)
        {
            return new GraphReply.MediaMissing(missing.Message);
        }
        catch (Exception error) when (Find<MediaStoreException>(error) is { } away)
        {
            alarm.Raise(away);
            return new GraphReply.MediaHeld(away.Message);
        }
        catch (InvalidDataException error)
        {
            return new GraphReply.MediaUnfit(error.Message);
        }
        catch (HttpRequestException error)
        {
            var reason = SendFailure.Describe(error);
            return SendFailure.NeverLeft(error)
                ? new GraphReply.NotReached(reason)
                : new GraphReply.Lost(reason);
        }
        catch (OperationCanceledException)
        {
            return new GraphReply.Lost(
                cancellationToken.IsCancellationRequested
                    ? "FlowChat stopped during the call."
                    : $"No answer within {within.TotalSeconds:0} s."
            );
        }
    }

    private static Task<HttpContent?> NoContent(CancellationToken cancellationToken) =>
        Task.FromResult<HttpContent?>(null);

    /// <summary>With its length: a chunked body is more than some proxies in between take.</summary>
    private static ByteArrayContent ToContent(object body) =>
        new(JsonSerializer.SerializeToUtf8Bytes(body, Json))
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") },
        };

    /// <exception cref="CryptographicException">The key ring that sealed it is gone.</exception>
    private AuthenticationHeaderValue Token(Instance instance) =>
        new("Bearer", secrets.Open(instance.ApiKeyEncrypted!));

    // What is read while it is sent fails within the call.
    private static T? Find<T>(Exception error)
        where T : Exception => error as T ?? error.InnerException as T;

    // A proxy's page is no JSON: the status alone has to do.
    private static JsonElement? Parse(byte[] body)
    {
        StorableText.RepairJson(body);
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(Encoding.UTF8.GetString(body));
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>What came back of a call.</summary>
internal abstract record GraphReply(string Reason)
{
    /// <summary>Meta answered, or something in between.</summary>
    public sealed record Answered(HttpStatusCode Status, JsonElement? Json)
        : GraphReply(GraphError.ReasonOf(Status, Json))
    {
        public bool IsDone => (int)Status is >= 200 and < 300 && Json is not null;

        public bool IsServers => (int)Status >= 500;

        public GraphError? Error => GraphError.OfAnswer(Json);
    }

    /// <summary>Nothing left.</summary>
    public sealed record NotReached(string Reason) : GraphReply(Reason);

    /// <summary>The request left, and no answer came.</summary>
    public sealed record Lost(string Reason) : GraphReply(Reason);

    /// <summary>Nothing left: the token is sealed with a key that is gone.</summary>
    public sealed record KeyUnopened(string Reason) : GraphReply(Reason);

    /// <summary>Nothing left that is whole: the file isn't in the store.</summary>
    public sealed record MediaMissing(string Reason) : GraphReply(Reason);

    /// <summary>Nothing left: the file can't be brought into a form that Meta takes.</summary>
    public sealed record MediaUnfit(string Reason) : GraphReply(Reason);

    /// <summary>Nothing left that is whole: the store is away.</summary>
    public sealed record MediaHeld(string Reason) : GraphReply(Reason);
}
