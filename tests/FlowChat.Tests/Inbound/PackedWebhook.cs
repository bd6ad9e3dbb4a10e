using System.IO.Compression;
using FlowChat.Testing.Api;

namespace FlowChat.Tests.Inbound;

/// <summary>A webhook with a Content-Encoding, as a proxy in between makes it.</summary>
internal static class PackedWebhook
{
    public static byte[] Pack(string coding, ReadOnlySpan<byte> body)
    {
        using var packed = new MemoryStream();
        using (
            Stream packing = coding switch
            {
                "gzip" => new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true),
                "deflate" => new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true),
                "br" => new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true),
                _ => throw new ArgumentOutOfRangeException(nameof(coding)),
            }
        )
        {
            packing.Write(body);
        }
        return packed.ToArray();
    }

    public static async Task<HttpResponseMessage> PostAsync(
        FlowChatServer server,
        Instance instance,
        string coding,
        byte[] body,
        CancellationToken ct
    )
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            $"/webhooks/evolution/{instance.Id}"
        )
        {
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new("application/json");
        request.Content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        request.Headers.Authorization = new("Bearer", instance.WebhookSecret);
        return await server.Client.Http.SendAsync(request, ct);
    }
}
