using System.Net;
using FlowChat.Gateways;
using FlowChat.Gateways.OutboundHttp;
using FlowChat.Media.Forms;
using FlowChat.Media.Store;
using FlowChat.Settings;

namespace FlowChat.Media.Incoming;

/// <summary>Gets a medium's bytes from wherever they still are: the webhook's own, the gateway's store, the gateway.</summary>
internal sealed class MediaFetch(
    OutboundHttpClient http,
    GatewayCatalog gateways,
    IMediaStore store,
    MediaSpool spool,
    FlowChatSettings settings,
    TimeProvider clock
)
{
    // What a slow line between us and the gateway carries.
    private const double SlowestBytesPerSecond = 250_000;

    /// <summary>The first source whose bytes are the sender's and what was said; else what comes nearest, else the last failure.</summary>
    /// <exception cref="MediaStoreException">The store can't take them now.</exception>
    public async Task<FetchedMedium> FetchAsync(
        Guid tenantId,
        PendingMedium medium,
        CancellationToken cancellationToken
    )
    {
        var best = FetchedMedium.Without(
            new MediaResult.Refused("The number was removed.", MediaLoss.NumberRemoved)
        );
        foreach (var open in SourcesOf(tenantId, medium))
        {
            var next = await TryAsync(medium, open, cancellationToken);
            if (next.Worth < best.Worth)
            {
                next.Dispose();
                continue;
            }
            best.Dispose();
            best = next;
            if (best.IsBest)
            {
                break;
            }
        }
        return best;
    }

    private IEnumerable<Func<CancellationToken, Task<MediaResult>>> SourcesOf(
        Guid tenantId,
        PendingMedium medium
    )
    {
        if (medium.Sha256 is { } sha256)
        {
            yield return async stop => new MediaResult.Opened(
                await store.OpenAsync(tenantId, sha256, stop)
            );
        }
        if (
            Uri.TryCreate(medium.Source.MediaUrl, UriKind.Absolute, out var url)
            && url.Scheme is "http" or "https"
        )
        {
            yield return stop => OpenAsync(url, stop);
        }
        if (medium.Instance is { } instance)
        {
            yield return stop =>
                gateways.For(instance).OpenMediaAsync(instance, medium.Source, stop);
        }
    }

    private async Task<FetchedMedium> TryAsync(
        PendingMedium medium,
        Func<CancellationToken, Task<MediaResult>> open,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var opened = await OpenAsync(medium, open, cancellationToken);
            if (opened is not MediaResult.Opened { Bytes: var bytes })
            {
                return FetchedMedium.Without(opened);
            }
            await using (bytes)
            {
                return await ReadAsync(medium, bytes, cancellationToken);
            }
        }
        catch (MediaTooLargeException error)
        {
            return FetchedMedium.Without(
                new MediaResult.Refused(error.Message, MediaLoss.TooLarge)
            );
        }
        catch (HttpRequestException error)
            when (error.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            return FetchedMedium.Without(
                new MediaResult.Refused(error.Message, MediaLoss.TooLarge)
            );
        }
        catch (Exception error)
            when (error
                    is HttpRequestException
                        or IOException
                        or TimeoutException
                        or InvalidDataException
                        or MediaMissingException
            )
        {
            return FetchedMedium.Without(new MediaResult.Failed(error.Message));
        }
    }

    private async Task<MediaResult> OpenAsync(
        PendingMedium medium,
        Func<CancellationToken, Task<MediaResult>> open,
        CancellationToken cancellationToken
    )
    {
        // The gateway fetches the whole file before it says a word.
        var within = TimeFor(Math.Min(medium.View.SizeBytes ?? 0, settings.Media.MaxBytes));
        using var limit = new CancellationTokenSource(within, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(
            limit.Token,
            cancellationToken
        );
        try
        {
            return await open(stop.Token);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"No answer within {within.TotalSeconds:0} s.", error);
        }
    }

    private async Task<FetchedMedium> ReadAsync(
        PendingMedium medium,
        Stream bytes,
        CancellationToken cancellationToken
    )
    {
        var within = TimeFor(settings.Media.MaxBytes);
        using var limit = new CancellationTokenSource(within, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(
            limit.Token,
            cancellationToken
        );
        try
        {
            var file = await spool.WriteAsync(bytes, settings.GatewayTimeout, stop.Token);
            if (file.Size > 0)
            {
                return new(file, file.Judge(medium.View.MimeType), null)
                {
                    IsAsSent = medium.Source.Sha256 is not { } sent || sent == file.Sha256,
                };
            }
            file.Dispose();
            throw new InvalidDataException("The gateway gave an empty file.");
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"It wasn't here within {within.TotalSeconds:0} s.", error);
        }
    }

    private async Task<MediaResult> OpenAsync(Uri url, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        var response = await http.Files.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead,
            cancellationToken
        );
        if (response.StatusCode == HttpStatusCode.OK)
        {
            return new MediaResult.Opened(
                await response.Content.ReadAsStreamAsync(cancellationToken)
            );
        }
        using (response)
        {
            return new MediaResult.Failed(
                $"The gateway's store answered HTTP {(int)response.StatusCode}."
            );
        }
    }

    private TimeSpan TimeFor(long bytes) =>
        settings.GatewayTimeout + TimeSpan.FromSeconds(bytes / SlowestBytesPerSecond);
}
