using FlowChat.Streams;

namespace FlowChat.Gateways.OutboundHttp;

/// <summary>Reads at most so many bytes of another stream, and fails at the next.</summary>
internal sealed class CappedStream(Stream inner, long maxBytes) : ReadStream
{
    private long _read;

    public override int Read(byte[] buffer, int offset, int count) =>
        Count(inner.Read(buffer, offset, count));

    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer,
        CancellationToken cancellationToken = default
    ) => Count(await inner.ReadAsync(buffer, cancellationToken));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    private int Count(int bytes) =>
        (_read += bytes) <= maxBytes
            ? bytes
            : throw new HttpRequestException(
                HttpRequestError.ConfigurationLimitExceeded,
                $"The response is longer than {maxBytes} bytes."
            );
}
