using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace FlowChat.Gateways.Evolution;

/// <summary>A JSON body in which one string is a file in base64, written as it is read: a large file takes no memory.</summary>
internal sealed class MediaJsonContent : HttpContent
{
    private readonly Func<CancellationToken, Task<Stream>> _open;
    private readonly long _size;
    private readonly byte[] _before;
    private readonly byte[] _after;

    /// <param name="body">Makes the body around the text that stands for the file.</param>
    /// <param name="size">The file's.</param>
    /// <param name="open">Opens the file.</param>
    public MediaJsonContent(
        Func<string, object> body,
        long size,
        Func<CancellationToken, Task<Stream>> open
    )
    {
        (_open, _size) = (open, size);
        var place = Guid.CreateVersion7().ToString("N");
        var json = JsonSerializer.SerializeToUtf8Bytes(body(place), EvolutionBody.Json);
        var at = json.AsSpan().IndexOf(Encoding.ASCII.GetBytes(place));
        (_before, _after) = (json[..at], json[(at + place.Length)..]);
        Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _before.Length + (_size + 2) / 3 * 4 + _after.Length;
        return true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream,
        TransportContext? context,
        CancellationToken cancellationToken
    )
    {
        await using var file = await _open(cancellationToken);
        await stream.WriteAsync(_before, cancellationToken);
        using var encoder = new ToBase64Transform();
        await using (
            var encoded = new CryptoStream(stream, encoder, CryptoStreamMode.Write, leaveOpen: true)
        )
        {
            await file.CopyToAsync(encoded, cancellationToken);
        }
        await stream.WriteAsync(_after, cancellationToken);
    }
}
