using System.Buffers;
using System.IO.Pipelines;

namespace FlowChat.Inbound;

/// <summary>A webhook's body in a rented buffer, which grows with what has really arrived.</summary>
internal sealed class WebhookBody : IDisposable
{
    // Ordinary events are far smaller: only larger bodies count against the budget.
    private const int Free = 64 * 1024;

    private readonly ByteBudget _budget;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(4 * 1024);
    private int _length;
    private long _taken;

    private WebhookBody(ByteBudget budget) => _budget = budget;

    public Memory<byte> Bytes => _buffer.AsMemory(0, _length);

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
                foreach (var segment in read.Buffer)
                {
                    body.Append(segment.Span, limit);
                }
                pipe.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
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
        ArrayPool<byte>.Shared.Return(_buffer);
        _budget.GiveBack(_taken);
        (_buffer, _length, _taken) = ([], 0, 0);
    }

    private void Append(ReadOnlySpan<byte> segment, long limit)
    {
        var length = _length + segment.Length;
        if (length > limit)
        {
            throw new BodyTooLargeException();
        }
        if (length > _buffer.Length)
        {
            Grow((int)Math.Min(Math.Max(length, _buffer.Length * 2L), limit));
        }
        segment.CopyTo(_buffer.AsSpan(_length));
        _length = length;
    }

    private void Grow(int size)
    {
        if (size > Free)
        {
            if (!_budget.TryTake(size - _taken))
            {
                throw new BudgetSpentException();
            }
            _taken = size;
        }
        var larger = ArrayPool<byte>.Shared.Rent(size);
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}

internal sealed class BodyTooLargeException : Exception;

internal sealed class BudgetSpentException : Exception;
