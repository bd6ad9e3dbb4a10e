using System.Buffers.Text;
using FlowChat.Streams;

namespace FlowChat.Gateways.Evolution;

/// <summary>The file in the field <c>base64</c> of a JSON answer, decoded as it is read: the answer is never held whole.</summary>
/// <remarks>
/// Inside a JSON string a quote has a backslash before it, so that the field's name followed by a colon can't be part of
/// a text.
/// </remarks>
internal sealed class Base64FieldStream(Stream json) : ReadStream
{
    private const int BufferSize = 64 * 1024;

    private static ReadOnlySpan<byte> Name => "\"base64\""u8;

    private readonly byte[] _text = new byte[BufferSize];
    private int _start;
    private int _end;
    private bool _isOpen;
    private bool _isDone;

    /// <exception cref="InvalidDataException">There is no such field, it isn't base64, or the answer ends within it.</exception>
    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        if (!_isOpen)
        {
            await OpenAsync(cancellationToken);
            _isOpen = true;
        }
        while (!_isDone)
        {
            var written = Decode(buffer.Span);
            if (written > 0 || _isDone)
            {
                return written;
            }
            await FillAsync("within the file", cancellationToken);
        }
        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            json.Dispose();
        }
        base.Dispose(disposing);
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        while (!TryFind())
        {
            await FillAsync("without a file", cancellationToken);
        }
    }

    /// <summary>Moves behind the quote that begins the file.</summary>
    private bool TryFind()
    {
        while (true)
        {
            var text = _text.AsSpan(_start, _end - _start);
            var at = text.IndexOf(Name);
            if (at < 0)
            {
                // The name may be cut in two.
                _start = Math.Max(_start, _end - Name.Length + 1);
                return false;
            }
            var rest = text[(at + Name.Length)..].TrimStart(" \t\r\n"u8);
            if (rest.IsEmpty)
            {
                _start += at;
                return false;
            }
            if (rest[0] != ':')
            {
                _start += at + Name.Length;
                continue;
            }
            rest = rest[1..].TrimStart(" \t\r\n"u8);
            if (rest.IsEmpty)
            {
                _start += at;
                return false;
            }
            _start = _end - rest.Length + 1;
            return rest[0] == '"'
                ? true
                : throw new InvalidDataException("The answer's base64 is no text.");
        }
    }

    private int Decode(Span<byte> buffer)
    {
        var text = _text.AsSpan(_start, _end - _start);
        var quote = text.IndexOf((byte)'"');
        // The last four may be padded, which only the file's end may be.
        var part = quote < 0 ? text[..Math.Max(0, (text.Length - 1) & ~3)] : text[..quote];
        var fits = part[..Math.Min(part.Length, buffer.Length / 3 * 4)];
        var status = Base64.DecodeFromUtf8(
            fits,
            buffer,
            out var consumed,
            out var written,
            isFinalBlock: quote >= 0 && fits.Length == part.Length
        );
        if (status == System.Buffers.OperationStatus.InvalidData)
        {
            throw new InvalidDataException("The answer's file is no base64.");
        }
        _start += consumed;
        _isDone = quote >= 0 && _text[_start] == '"';
        return quote < 0 || _isDone || consumed > 0
            ? written
            : throw new InvalidDataException("The answer's file is no base64.");
    }

    private async Task FillAsync(string where, CancellationToken cancellationToken)
    {
        _text.AsSpan(_start, _end - _start).CopyTo(_text);
        (_start, _end) = (0, _end - _start);
        var read = await json.ReadAsync(_text.AsMemory(_end), cancellationToken);
        if (read == 0)
        {
            throw new InvalidDataException($"The gateway's answer ended {where}.");
        }
        _end += read;
    }
}
