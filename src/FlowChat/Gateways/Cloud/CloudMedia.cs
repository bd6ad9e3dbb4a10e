using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using FlowChat.Inbound;
using FlowChat.Instances;
using FlowChat.Media;
using FlowChat.Media.Opus;
using FlowChat.Media.Store;
using FlowChat.Messages;
using FlowChat.Settings;

namespace FlowChat.Gateways.Cloud;

/// <summary>Files to and from Meta: uploaded before the message that names them, and fetched in two steps.</summary>
internal sealed class CloudMedia(GraphCalls graph, IMediaStore store, FlowChatSettings settings)
{
    private const string OggType = "audio/ogg; codecs=opus";

    // What a slow line between us and Meta carries.
    private const double SlowestBytesPerSecond = 250_000;

    // Where Meta keeps files: its token goes nowhere else.
    private static readonly string[] Hosts =
    [
        ".fbsbx.com",
        ".fbcdn.net",
        ".facebook.com",
        ".whatsapp.net",
        ".whatsapp.com",
    ];

    private delegate Task Copy(Stream from, Stream to, CancellationToken cancellationToken);

    /// <summary>The answer has the id by which a message names the file, for 30 days.</summary>
    public Task<GraphReply> UploadAsync(
        Instance instance,
        Guid tenantId,
        StoredMedium medium,
        CancellationToken cancellationToken
    ) =>
        graph.UploadAsync(
            instance,
            $"{instance.PhoneNumberId}/media",
            stop => FormOfAsync(tenantId, medium, stop),
            settings.GatewayTimeout
                + TimeSpan.FromSeconds(medium.SizeBytes / SlowestBytesPerSecond),
            cancellationToken
        );

    /// <summary>Whether Meta gets it as Opus in Ogg, which alone is a voice note there.</summary>
    public static bool IsOgg(StoredMedium medium) =>
        IsRecording(medium) || medium.MimeType.StartsWith("audio/ogg", StringComparison.Ordinal);

    public async Task<MediaResult> OpenAsync(
        Instance instance,
        MediaSource source,
        CancellationToken cancellationToken
    )
    {
        if (source.MediaId is not { } id)
        {
            return new MediaResult.Refused("The message named no file.");
        }
        var reply = await graph.GetAsync(
            instance,
            $"{Uri.EscapeDataString(id)}?phone_number_id={instance.PhoneNumberId}",
            settings.GatewayTimeout,
            cancellationToken
        );
        if (reply is not GraphReply.Answered answer)
        {
            return reply is GraphReply.NotReached or GraphReply.KeyUnopened
                ? new MediaResult.NotConnected(reply.Reason)
                : new MediaResult.Failed(reply.Reason);
        }
        if (answer.Error is { } error)
        {
            return RefusalOf(error);
        }
        return answer.Json?.Text("url") is not { } text ? new MediaResult.Failed(answer.Reason)
            : Uri.TryCreate(text, UriKind.Absolute, out var url)
            && IsGateways(url, new Uri(instance.BaseUrl!))
                ? await DownloadAsync(instance, url, cancellationToken)
            : new MediaResult.Refused(
                "The gateway keeps the file at an address that isn't its own."
            );
    }

    private async Task<HttpContent?> FormOfAsync(
        Guid tenantId,
        StoredMedium medium,
        CancellationToken cancellationToken
    )
    {
        Task<Stream> OpenAsync(CancellationToken stop) =>
            store.OpenAsync(tenantId, medium.Sha256, stop);

        var (type, size, copy) = (medium.MimeType, medium.SizeBytes, (Copy)CopyAsync);
        if (IsRecording(medium))
        {
            await using var webm = await OpenAsync(cancellationToken);
            size = await OpusRemux.MeasureAsync(webm, cancellationToken);
            (type, copy) = (OggType, OpusRemux.WriteAsync);
        }
        var file = new StoredFileContent(
            size,
            async (form, stop) =>
            {
                await using var stored = await OpenAsync(stop);
                await copy(stored, form, stop);
            }
        );
        // Meta refuses parameters that it doesn't know: "audio/ogg; codecs=opus" is one that it does.
        file.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return new MultipartFormDataContent
        {
            { new StringContent("whatsapp"), "messaging_product" },
            { new StringContent(type), "type" },
            // Nobody sees this name; a document's own goes with its message.
            { file, "file", "file" },
        };
    }

    private static Task CopyAsync(Stream from, Stream to, CancellationToken cancellationToken) =>
        from.CopyToAsync(to, cancellationToken);

    // What Chromium makes of a voice; Meta refuses it.
    private static bool IsRecording(StoredMedium medium) =>
        medium.Kind is MessageType.Voice or MessageType.Audio
        && medium.MimeType.StartsWith("audio/webm", StringComparison.Ordinal);

    private async Task<MediaResult> DownloadAsync(
        Instance instance,
        Uri url,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var response = await graph.OpenFileAsync(instance, url, cancellationToken);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                return new MediaResult.Opened(
                    await response.Content.ReadAsStreamAsync(cancellationToken)
                );
            }
            using (response)
            {
                // Also a 404: the address has ended, and the next attempt asks for another one.
                return new MediaResult.Failed(
                    $"The gateway's store answered HTTP {(int)response.StatusCode}."
                );
            }
        }
        catch (CryptographicException)
        {
            return new MediaResult.NotConnected(GraphCalls.UnopenedToken);
        }
        catch (HttpRequestException error)
        {
            var reason = SendFailure.Describe(error);
            return SendFailure.NeverLeft(error)
                ? new MediaResult.NotConnected(reason)
                : new MediaResult.Failed(reason);
        }
    }

    private static MediaResult RefusalOf(GraphError error) =>
        GraphErrorClass.ToResult(error, isServers: false) switch
        {
            SendResult.KeyRefused refused => new MediaResult.NotConnected(refused.Reason),
            SendResult.NotConnected waits => new MediaResult.NotConnected(waits.Reason),
            SendResult.NotSent failed => new MediaResult.Failed(error.Text),
            // 100: the file has ended, or never was this number's.
            _ => new MediaResult.Refused(error.Text),
        };

    // Whoever types another address for the gateway, a proxy, keeps its files there as well.
    private static bool IsGateways(Uri url, Uri root) =>
        url.Scheme == Uri.UriSchemeHttps
            ? url.IdnHost == root.IdnHost
                || Hosts.Any(host => url.IdnHost.EndsWith(host, StringComparison.OrdinalIgnoreCase))
            : url.Scheme == root.Scheme && url.IdnHost == root.IdnHost;
}
