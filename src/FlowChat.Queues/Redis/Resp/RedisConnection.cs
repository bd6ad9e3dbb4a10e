using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO.Pipelines;

namespace FlowChat.Queues.Redis.Resp;

/// <summary>
/// One socket for any number of callers. Frame and place in line are taken under one lock, so replies pair with commands
/// by order alone; whatever breaks that order ends the connection, and with it everyone who waits.
/// </summary>
internal sealed partial class RedisConnection : IAsyncDisposable
{
    private const int ReadBuffer = 64 * 1024;

    private readonly Stream stream;
    private readonly RedisOptions options;
    private readonly TimeProvider time;
    private readonly ConnectionUse use;
    private readonly BytesInFlight inFlight;
    private readonly Lock gate = new();
    private readonly ConcurrentQueue<PendingReply> line = new();
    private readonly WriterWake writer;
    private readonly Pipe outgoing;
    private readonly TaskCompletionSource closed = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly ITimer watchdog;
    private readonly Task running;
    private QueueUnavailableException? failure;

    internal RedisConnection(
        Stream stream,
        RedisEndpoint endpoint,
        ConnectionUse use,
        RedisOptions options,
        TimeProvider time
    )
    {
        this.stream = stream;
        this.options = options;
        this.time = time;
        this.use = use;
        inFlight = new BytesInFlight(options.MaxBytesInFlight);
        writer = new WriterWake(gate);
        outgoing = new Pipe(
            new PipeOptions(
                readerScheduler: writer,
                pauseWriterThreshold: 0,
                minimumSegmentSize: ReadBuffer,
                useSynchronizationContext: false
            )
        );
        Endpoint = endpoint;
        var look = Look(options.CommandTimeout);
        watchdog = time.CreateTimer(
            static self => ((RedisConnection)self!).Watch(),
            this,
            look,
            look
        );
        var reading = use.HasThread ? OwnThread.RunAsync(ReadAsync) : ReadAsync();
        running = Task.WhenAll(WriteAsync(), reading);
    }

    public RedisEndpoint Endpoint { get; }

    /// <summary>What CLIENT UNBLOCK needs.</summary>
    public long Id { get; internal set; }

    /// <summary>Whether the server speaks RESP2: what it publishes then comes as lists, not as pushes.</summary>
    internal bool IsOld { get; set; }

    public bool IsOpen => Volatile.Read(ref failure) is null;

    /// <summary>Completes when the connection can't be used any more.</summary>
    public Task Closed => closed.Task;

    /// <exception cref="RedisException">The server refused.</exception>
    /// <exception cref="QueueUnavailableException">It is away or silent: what became of the command is unknown.</exception>
    public ValueTask<RedisReply> SendAsync(
        RedisCommand command,
        CancellationToken cancellationToken
    ) => SendAsync(command, options.CommandTimeout, cancellationToken);

    public ValueTask<RedisReply> SendAsync(
        RedisCommand command,
        TimeSpan timeout,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        var deadline = Deadline(timeout);
        return TrySend(command, deadline, cancellationToken, out var reply)
            ? reply
            : SendWhenThereIsRoomAsync(command, deadline, cancellationToken);
    }

    /// <summary>Two commands side by side, with nobody else's between them. The first one's reply must be OK.</summary>
    public async ValueTask<RedisReply> SendAfterAsync(
        RedisCommand first,
        RedisCommand command,
        CancellationToken cancellationToken
    )
    {
        var deadline = Deadline(options.CommandTimeout);
        PendingReply before;
        PendingReply pending;
        WriterTurn turn;
        lock (gate)
        {
            ThrowIfClosed();
            before = Enqueue(first, deadline);
            pending = Enqueue(command, deadline);
            turn = Flush();
        }

        turn.Run(alone: false);
        var firstReply = before.Task;
        pending.CancelWith(cancellationToken);
        var reply = pending.Task;
        await firstReply;
        return await reply;
    }

    /// <summary>A command that is answered by pushes alone.</summary>
    public void Post(RedisCommand command)
    {
        WriterTurn turn;
        lock (gate)
        {
            ThrowIfClosed();
            outgoing.Writer.Write(command.Frame.Span);
            turn = Flush();
        }

        turn.Run(alone: false);
    }

    /// <summary>Ends the connection; who waits gets this as the reason.</summary>
    public void Abort(string reason, Exception? cause = null)
    {
        WriterTurn turn;
        lock (gate)
        {
            if (failure is not null)
                return;
            failure = new QueueUnavailableException($"Redis at {Endpoint}: {reason}", cause);
            outgoing.Writer.Complete();
            turn = writer.Take();
        }

        turn.Run(alone: false);
        watchdog.Dispose();
        // The reader's and writer's pending calls end with this.
        stream.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        Abort("this connection was closed here.");
        await running;
    }

    private bool TrySend(
        RedisCommand command,
        long deadline,
        CancellationToken cancellationToken,
        out ValueTask<RedisReply> reply
    )
    {
        PendingReply pending;
        WriterTurn turn;
        bool alone;
        lock (gate)
        {
            ThrowIfClosed();
            if (!inFlight.HaveRoomFor(command.Frame.Length))
            {
                reply = default;
                return false;
            }

            alone = line.IsEmpty;
            pending = Enqueue(command, deadline);
            reply = pending.Task;
            turn = Flush();
        }

        if (cancellationToken.CanBeCanceled)
            pending.CancelWith(cancellationToken);
        turn.Run(alone);
        return true;
    }

    private async ValueTask<RedisReply> SendWhenThereIsRoomAsync(
        RedisCommand command,
        long deadline,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            await WaitForRoomAsync(deadline, cancellationToken);
            if (TrySend(command, deadline, cancellationToken, out var reply))
                return await reply;
        }
    }

    private async Task WaitForRoomAsync(long deadline, CancellationToken cancellationToken)
    {
        try
        {
            var left = time.GetElapsedTime(time.GetTimestamp(), deadline);
            await inFlight
                .ChangeAsync()
                .WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw new QueueUnavailableException(
                $"Redis at {Endpoint} is busy: {options.MaxBytesInFlight} bytes wait for replies.",
                e
            );
        }
    }

    // Under the lock: the frame's place in the stream is its place in the line.
    private PendingReply Enqueue(RedisCommand command, long deadline)
    {
        var pending = PendingReply.Rent(command.Frame.Length, deadline, inline: use.HasThread);
        line.Enqueue(pending);
        inFlight.Add(pending.Size);
        outgoing.Writer.Write(command.Frame.Span);
        return pending;
    }

    // The pipe never pauses its writer, so this completes at once and only wakes the loop that writes.
    private WriterTurn Flush()
    {
        var flushed = outgoing.Writer.FlushAsync();
        Debug.Assert(flushed.IsCompleted);
        return writer.Take();
    }

    private void ThrowIfClosed()
    {
        if (failure is not null)
            throw new QueueUnavailableException(failure.Message, failure.InnerException);
    }

    private long Deadline(TimeSpan timeout) =>
        time.GetTimestamp() + (long)(timeout.TotalSeconds * time.TimestampFrequency);

    // Often enough to be at most an eighth late.
    private static TimeSpan Look(TimeSpan timeout) =>
        TimeSpan.FromMilliseconds(Math.Clamp(timeout.TotalMilliseconds / 8, 5, 500));
}
