using System.Net;
using System.Net.Sockets;

namespace FlowChat.Gateways.OutboundHttp;

/// <summary>Ends a response that is longer than the cap, buffered or streamed, and names a refused address.</summary>
internal sealed class OutboundGuard(long maxBytes, HttpMessageHandler inner)
    : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            response.Content = new CappedContent(response.Content, maxBytes);
            return response;
        }
        // The handler wraps what its connect callback throws.
        catch (HttpRequestException error)
            when (error.InnerException is AddressRefusedException refused)
        {
            throw new AddressRefusedException(refused.Message, error);
        }
        // It doesn't wrap what a connection says that breaks as soon as it is made.
        catch (SocketException error)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, error.Message, error);
        }
    }

    private sealed class CappedContent : HttpContent
    {
        private readonly HttpContent _inner;
        private readonly long _maxBytes;

        public CappedContent(HttpContent inner, long maxBytes)
        {
            (_inner, _maxBytes) = (inner, maxBytes);
            foreach (var (name, values) in inner.Headers.NonValidated)
                Headers.TryAddWithoutValidation(name, values);
        }

        protected override async Task<Stream> CreateContentReadStreamAsync(
            CancellationToken cancellationToken
        ) => new CappedStream(await _inner.ReadAsStreamAsync(cancellationToken), _maxBytes);

        protected override Task<Stream> CreateContentReadStreamAsync() =>
            CreateContentReadStreamAsync(CancellationToken.None);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(
            Stream stream,
            TransportContext? context,
            CancellationToken cancellationToken
        )
        {
            await using var source = await CreateContentReadStreamAsync(cancellationToken);
            await source.CopyToAsync(stream, cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _inner.Headers.ContentLength ?? 0;
            return _inner.Headers.ContentLength is not null;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
