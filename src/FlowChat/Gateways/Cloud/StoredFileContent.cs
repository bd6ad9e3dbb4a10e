using System.Net;

namespace FlowChat.Gateways.Cloud;

/// <summary>A stored file as a part of a form, written as it is read: a large one takes no memory.</summary>
internal sealed class StoredFileContent(long size, Func<Stream, CancellationToken, Task> write)
    : HttpContent
{
    protected override bool TryComputeLength(out long length)
    {
        length = size;
        return true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(
        Stream stream,
        TransportContext? context,
        CancellationToken cancellationToken
    ) => write(stream, cancellationToken);
}
