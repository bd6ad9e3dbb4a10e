using System.Net;
using FlowChat.Gateways.OutboundHttp;
using FlowChat.Media.Forms;
using FlowChat.Media.Store;

namespace FlowChat.Pictures;

/// <summary>Gets a picture's bytes from where WhatsApp has it. Whatever goes wrong there is an answer.</summary>
internal sealed class PictureFetch(OutboundHttpClient http, MediaSpool spool, TimeProvider clock)
{
    // They are 640 pixels wide at most.
    private const int MostBytes = 2 * 1024 * 1024;

    private const string Said = "image/jpeg";

    private static readonly TimeSpan Within = TimeSpan.FromSeconds(30);

    /// <exception cref="MediaStoreException">There is no room for it.</exception>
    public async Task<FetchedPicture> FetchAsync(Uri url, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Within, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(
            limit.Token,
            cancellationToken
        );
        try
        {
            return await ReadAsync(url, stop.Token);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            return FetchedPicture.Without(error.Message);
        }
        catch (Exception error)
            when (error is TimeoutException or OperationCanceledException
                && !cancellationToken.IsCancellationRequested
            )
        {
            return FetchedPicture.Without($"It wasn't here within {Within.TotalSeconds:0} s.");
        }
    }

    private async Task<FetchedPicture> ReadAsync(Uri url, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        using var response = await http.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead,
            cancellationToken
        );
        if (response.StatusCode != HttpStatusCode.OK)
        {
            return FetchedPicture.Without(
                $"WhatsApp's store answered HTTP {(int)response.StatusCode}."
            );
        }
        await using var bytes = new CappedStream(
            await response.Content.ReadAsStreamAsync(cancellationToken),
            MostBytes
        );
        var file = await spool.WriteAsync(bytes, Within, cancellationToken);
        var type = file.Judge(Said);
        if (type.IsAsSaid)
        {
            return new(file, type.MimeType, "");
        }
        file.Dispose();
        return FetchedPicture.Without("What came is no image.");
    }
}
