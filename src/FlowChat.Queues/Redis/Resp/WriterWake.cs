using System.IO.Pipelines;

namespace FlowChat.Queues.Redis.Resp;

/// <summary>
/// Keeps the turn of the loop that writes until its connection's lock is left. A sender who meets nobody writes by itself,
/// which saves waking a thread; beside others it leaves that to the pool, so that what comes meanwhile goes in one write.
/// </summary>
internal sealed class WriterWake(Lock gate) : PipeScheduler
{
    private Action<object?>? loop;
    private object? state;

    /// <summary>By a sender, under the lock; or by the loop itself, which went to sleep just as there was more to do.</summary>
    public override void Schedule(Action<object?> action, object? state)
    {
        if (gate.IsHeldByCurrentThread)
            (loop, this.state) = (action, state);
        else
            new WriterTurn(action, state).Run(alone: false);
    }

    /// <summary>Under the connection's lock: what is to be run once it is left, if anything.</summary>
    public WriterTurn Take()
    {
        var turn = new WriterTurn(loop, state);
        (loop, state) = (null, null);
        return turn;
    }
}

internal readonly record struct WriterTurn(Action<object?>? Loop, object? State)
{
    public void Run(bool alone)
    {
        if (Loop is null)
            return;
        if (alone)
            Loop(State);
        else
            ThreadPool.UnsafeQueueUserWorkItem(Loop, State, preferLocal: false);
    }
}
