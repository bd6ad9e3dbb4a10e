using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace FlowChat.Inbound;

/// <summary>The bytes that a JSON text holds in base64, decoded as they are read.</summary>
internal sealed class Base64Stream(JsonElement text) : Stream
{
    private int _at = 1;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="InvalidDataException">It isn't base64.</exception>
    public override int Read(Span<byte> buffer)
    {
        var rest = JsonMarshal.GetRawUtf8Value(text)[_at..^1];
        var part = rest[..Math.Min(rest.Length, buffer.Length / 3 * 4)];
        var status = Base64.DecodeFromUtf8(part, buffer, out var consumed, out var written);
        _at += consumed;
        return status == OperationStatus.Done
            ? written
            : throw new InvalidDataException("The webhook's file is no base64.");
    }

    public override int Read(byte[] buffer, int offset, int count) =>
        Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(
        Memory<byte> buffer,
        CancellationToken cancellationToken = default
    ) => ValueTask.FromResult(Read(buffer.Span));

    public override Task<int> ReadAsync(
        byte[] buffer,
        int offset,
        int count,
        CancellationToken cancellationToken
    ) => Task.FromResult(Read(buffer.AsSpan(offset, count)));

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException();
}
