using System.Threading.Tasks.Sources;
using Microsoft.Extensions.ObjectPool;

namespace FlowChat.Queues.Redis.Resp;

/// <summary>
/// A command's place in the line of those that wait for a reply. Its caller may leave; the place stays until its reply
/// has been read, so that the next one gets its own.
/// </summary>
internal sealed class PendingReply : IValueTaskSource<RedisReply>
{
    private static readonly DefaultObjectPool<PendingReply> Pool = new(new Policy(), 4096);

    private ManualResetValueTaskSourceCore<RedisReply> core;
    private CancellationTokenRegistration cancellation;
    private CancellationToken token;
    private int answered;

    /// <summary>The bytes of its command.</summary>
    public int Size { get; private set; }

    /// <summary>The timestamp after which its reply isn't expected any more.</summary>
    public long Deadline { get; private set; }

    public ValueTask<RedisReply> Task => new(this, core.Version);

    /// <summary>Whoever waits goes on in the pool; inline, on the thread that read the reply.</summary>
    public static PendingReply Rent(int size, long deadline, bool inline)
    {
        var pending = Pool.Get();
        pending.core.RunContinuationsAsynchronously = !inline;
        pending.Size = size;
        pending.Deadline = deadline;
        return pending;
    }

    public void CancelWith(CancellationToken cancellationToken)
    {
        token = cancellationToken;
        cancellation = cancellationToken.UnsafeRegister(
            static state => ((PendingReply)state!).Cancel(),
            this
        );
    }

    public void Complete(RedisReply reply)
    {
        if (Interlocked.Exchange(ref answered, 1) == 0)
            core.SetResult(reply);
    }

    public void Fail(Exception exception)
    {
        if (Interlocked.Exchange(ref answered, 1) == 0)
            core.SetException(exception);
    }

    public RedisReply GetResult(short version)
    {
        var cancelled = false;
        try
        {
            // No callback runs once this returns, so none can meet the next user of this place.
            cancellation.Dispose();
            cancelled = token.IsCancellationRequested;
            var reply = core.GetResult(version);
            return reply.IsError ? throw new RedisException(reply.Text) : reply;
        }
        finally
        {
            // After a cancellation the line may still hold this place.
            if (!cancelled)
                Return();
        }
    }

    public ValueTaskSourceStatus GetStatus(short version) => core.GetStatus(version);

    public void OnCompleted(
        Action<object?> continuation,
        object? state,
        short version,
        ValueTaskSourceOnCompletedFlags flags
    ) => core.OnCompleted(continuation, state, version, flags);

    private void Cancel() => Fail(new OperationCanceledException(token));

    private void Return()
    {
        core.Reset();
        cancellation = default;
        token = default;
        answered = 0;
        Pool.Return(this);
    }

    private sealed class Policy : PooledObjectPolicy<PendingReply>
    {
        public override PendingReply Create() => new();

        public override bool Return(PendingReply obj) => true;
    }
}
