using FlowChat.Streams;

namespace FlowChat.Media.Store;

/// <summary>An object as a stream that can be set to any place; it is asked for from there when it is first read.</summary>
internal sealed class S3ObjectStream(Func<long, CancellationToken, Task<Stream>> open, long length)
    : ReadStream
{
    private Stream? _bytes;
    private long _position;

    public override bool CanSeek => true;
    public override long Length => length;

    public override long Position
    {
        get => _position;
        set
        {
            if (value != _position)
            {
                _bytes?.Dispose();
                (_bytes, _position) = (null, value);
            }
        }
    }

    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        if (_position >= length)
        {
            return 0;
        }
        _bytes ??= await open(_position, cancellationToken);
        try
        {
            var read = await _bytes.ReadAsync(buffer, cancellationToken);
            _position += read;
            return read > 0
                ? read
                : throw new EndOfStreamException($"{length - _position} bytes are missing.");
        }
        catch (IOException error)
        {
            throw new MediaStoreException($"The bucket broke off: {error.Message}", error);
        }
    }

    public override long Seek(long offset, SeekOrigin origin) =>
        Position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => length + offset,
        };

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _bytes?.Dispose();
        }
        base.Dispose(disposing);
    }
}
