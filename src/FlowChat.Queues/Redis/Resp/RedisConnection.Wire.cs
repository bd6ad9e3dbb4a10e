using System.IO.Pipelines;

namespace FlowChat.Queues.Redis.Resp;

// The two loops of a connection, and the timer that looks after them.
internal sealed partial class RedisConnection
{
    private async Task WriteAsync()
    {
        try
        {
            ReadResult gathered;
            do
            {
                gathered = await outgoing.Reader.ReadAsync();
                foreach (var segment in gathered.Buffer)
                    await stream.WriteAsync(segment);
                await stream.FlushAsync();
                outgoing.Reader.AdvanceTo(gathered.Buffer.End);
            } while (!gathered.IsCompleted);
        }
        catch (Exception e)
        {
            Abort("the connection broke.", e);
        }

        await outgoing.Reader.CompleteAsync();
    }

    private async Task ReadAsync()
    {
        var incoming = PipeReader.Create(
            stream,
            new StreamPipeReaderOptions(bufferSize: ReadBuffer, leaveOpen: true)
        );
        try
        {
            await DeliverAsync(incoming);
            Abort("the server closed the connection.");
        }
        catch (RespException e)
        {
            Abort($"what it sent can't be understood. {e.Message}", e);
        }
        catch (Exception e)
        {
            Abort("the connection broke.", e);
        }

        await incoming.CompleteAsync();
        // Only this loop takes from the line, so a reply that was read can't meet the wrong command.
        while (line.TryDequeue(out var pending))
        {
            inFlight.Release(pending.Size);
            pending.Fail(Unknown());
        }

        closed.SetResult();
    }

    private async Task DeliverAsync(PipeReader incoming)
    {
        var replies = new RespReader(RespLimits.Default);
        while (true)
        {
            var read = await incoming.ReadAsync();
            var buffer = read.Buffer;
            while (replies.TryRead(ref buffer, out var reply))
                Deliver(reply);
            if (read.IsCompleted)
                return;
            incoming.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private void Deliver(RedisReply reply)
    {
        if (
            reply.Kind == RedisKind.Push
            || (IsOld && use.OnPush is not null && RedisPush.IsIn(reply))
        )
        {
            use.OnPush?.Invoke(reply);
            return;
        }

        if (!line.TryDequeue(out var pending))
            throw new RespException("A reply came that nobody had asked for.");
        inFlight.Release(pending.Size);
        if (!reply.IsError || !Outage.IsIn(reply))
        {
            pending.Complete(reply);
            return;
        }

        pending.Fail(new QueueUnavailableException($"Redis at {Endpoint}: {reply.Text}"));
        if (Outage.IsForThisServer(reply))
            Abort("it is a replica now.");
    }

    private QueueUnavailableException Unknown() =>
        new(
            $"{failure!.Message} Whether the command was executed is unknown.",
            failure.InnerException
        );

    private void Watch()
    {
        if (line.TryPeek(out var oldest) && time.GetTimestamp() > oldest.Deadline)
            Abort("no reply came in time.", new TimeoutException());
    }
}
