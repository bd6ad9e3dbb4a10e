using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text.Json;
using FlowChat.Streams;

namespace FlowChat.Inbound;

/// <summary>The bytes that a JSON text holds in base64, decoded as they are read.</summary>
internal sealed class Base64Stream(JsonElement text) : ReadStream
{
    private int _at = 1;

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
}
