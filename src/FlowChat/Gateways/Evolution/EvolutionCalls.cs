using System.Security.Cryptography;
using System.Text;
using FlowChat.Gateways.OutboundHttp;
using FlowChat.Media.Store;
using FlowChat.Storage.KeyRing;

namespace FlowChat.Gateways.Evolution;

/// <summary>Evolution over HTTP: whatever the gateway or the network does is a reply.</summary>
internal sealed class EvolutionCalls(OutboundHttpClient http, SecretBox secrets, TimeProvider clock)
{
    /// <param name="asked">What is asked.</param>
    /// <param name="within">For the whole call.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="Exception">The file that it sends can't be read: see <see cref="FileFailure"/>.</exception>
    public async Task<EvolutionReply> CallAsync(
        EvolutionRequest asked,
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
            using var request = ToRequest(asked);
            using var response = await ClientFor(asked).SendAsync(request, stop.Token);
            return await ReadAsync(response, stop.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return EvolutionReply.OfSilence(within);
        }
        catch (Exception error) when (Describe(error) is { } reply)
        {
            return reply;
        }
    }

    /// <summary>Asks for more than memory should hold.</summary>
    /// <returns>The body, to be disposed, when the call was accepted; else what it came to.</returns>
    public async Task<(Stream? Body, EvolutionReply Refusal)> OpenAsync(
        EvolutionRequest asked,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using var request = ToRequest(asked);
            var response = await http.Files.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                cancellationToken
            );
            if (response.IsSuccessStatusCode)
            {
                return (await response.Content.ReadAsStreamAsync(cancellationToken), default);
            }
            using (response)
            {
                return (null, await ReadAsync(response, cancellationToken));
            }
        }
        catch (Exception error) when (Describe(error) is { } reply)
        {
            return (null, reply);
        }
    }

    /// <returns>Why the file of a body couldn't be read; the HTTP client wraps it or not.</returns>
    public static Exception? FileFailure(Exception error) =>
        error switch
        {
            MediaMissingException or MediaStoreException => error,
            HttpRequestException { InnerException: MediaMissingException or MediaStoreException } =>
                error.InnerException,
            _ => null,
        };

    private static EvolutionReply? Describe(Exception error) =>
        error switch
        {
            CryptographicException => EvolutionReply.OfUnopenedKey(),
            HttpRequestException broken when FileFailure(broken) is null => EvolutionReply.Of(
                broken
            ),
            _ => null,
        };

    // As UTF-8 whatever charset it names: some name none that exists.
    private static async Task<EvolutionReply> ReadAsync(
        HttpResponseMessage response,
        CancellationToken cancellationToken
    )
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return EvolutionReply.Of(response.StatusCode, Encoding.UTF8.GetString(body));
    }

    private HttpClient ClientFor(EvolutionRequest asked) =>
        asked.Content is MediaJsonContent ? http.Files : http;

    private HttpRequestMessage ToRequest(EvolutionRequest asked)
    {
        var key = secrets.Open(asked.Instance.ApiKeyEncrypted!);
        var root = asked.Instance.BaseUrl!.TrimEnd('/');
        var request = new HttpRequestMessage(asked.Method, $"{root}/{asked.Path}")
        {
            Content = asked.Content,
        };
        request.Headers.TryAddWithoutValidation("apikey", key);
        return request;
    }
}
