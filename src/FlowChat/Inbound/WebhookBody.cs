using System.Buffers;
using System.IO.Pipelines;

namespace FlowChat.Inbound;

/// <summary>A webhook's body. While it arrives it holds what has really come, in pieces; an array of its size is made at the end.</summary>
internal sealed class WebhookBody : IDisposable
{
    // Small enough for the pool to hand out and take back for ever; ordinary events fit into one, which is free.
    private const int PieceSize = 64 * 1024;

    private readonly ByteBudget _budget;
    private readonly List<byte[]> _pieces = [];
    private long _length;
    private long _taken;

    private WebhookBody(ByteBudget budget) => _budget = budget;

    public Memory<byte> Bytes { get; private set; }

    /// <exception cref="BodyTooLargeException">More than <paramref name="limit"/> bytes came.</exception>
    /// <exception cref="BudgetSpentException">Other large bodies hold the memory now.</exception>
    /// <exception cref="OperationCanceledException">It came too slowly.</exception>
    public static async Task<WebhookBody> ReadAsync(
        PipeReader pipe,
        long limit,
        ByteBudget budget,
        CancellationToken cancellationToken
    )
    {
        var body = new WebhookBody(budget);
        try
        {
            while (true)
            {
                var read = await pipe.ReadAsync(cancellationToken);
                try
                {
                    foreach (var segment in read.Buffer)
                    {
                        body.Append(segment.Span, limit);
                    }
                }
                finally
                {
                    // Also of a body that is refused: the server itself still has to finish with the pipe.
                    pipe.AdvanceTo(read.Buffer.End);
                }
                if (read.IsCompleted)
                {
                    body.Assemble();
                    return body;
                }
            }
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        ReturnPieces();
        _budget.GiveBack(_taken);
        (Bytes, _length, _taken) = (default, 0, 0);
    }

    private void Append(ReadOnlySpan<byte> segment, long limit)
    {
        if (_length + segment.Length > limit)
        {
            throw new BodyTooLargeException();
        }
        while (!segment.IsEmpty)
        {
            var at = (int)(_length % PieceSize);
            if (at == 0)
            {
                AddPiece();
            }
            var fits = Math.Min(segment.Length, PieceSize - at);
            segment[..fits].CopyTo(_pieces[^1].AsSpan(at));
            segment = segment[fits..];
            _length += fits;
        }
    }

    private void AddPiece()
    {
        if (_pieces.Count > 0)
        {
            if (!_budget.TryTake(PieceSize))
            {
                throw new BudgetSpentException();
            }
            _taken += PieceSize;
        }
        _pieces.Add(ArrayPool<byte>.Shared.Rent(PieceSize));
    }

    private void Assemble()
    {
        if (_pieces.Count <= 1)
        {
            Bytes = _pieces.Count == 0 ? default : _pieces[0].AsMemory(0, (int)_length);
            return;
        }
        // No pooled array: a pool would keep the few large ones that ever came.
        var whole = GC.AllocateUninitializedArray<byte>((int)_length);
        for (var i = 0; i < _pieces.Count; i++)
        {
            var from = i * PieceSize;
            _pieces[i]
                .AsSpan(0, Math.Min(PieceSize, whole.Length - from))
                .CopyTo(whole.AsSpan(from));
        }
        ReturnPieces();
        Bytes = whole;
    }

    private void ReturnPieces()
    {
        foreach (var piece in _pieces)
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
        _pieces.Clear();
    }
}

internal sealed class BodyTooLargeException : Exception;

internal sealed class BudgetSpentException : Exception;
