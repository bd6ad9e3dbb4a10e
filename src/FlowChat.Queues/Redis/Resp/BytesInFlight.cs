namespace FlowChat.Queues.Redis.Resp;

/// <summary>How much has been sent and not been answered; beyond the limit callers wait.</summary>
internal sealed class BytesInFlight(int limit)
{
    private readonly Lock gate = new();
    private TaskCompletionSource? room;
    private long bytes;

    /// <summary>A single command may be larger than the limit, alone.</summary>
    public bool HaveRoomFor(int size) =>
        Interlocked.Read(ref bytes) is var now && (now == 0 || now + size <= limit);

    public void Add(int size) => Interlocked.Add(ref bytes, size);

    public void Release(int size)
    {
        // At half, so that callers don't wake for one command each.
        if (Interlocked.Add(ref bytes, -size) <= limit / 2 && Volatile.Read(ref room) is not null)
            WakeAll();
    }

    /// <summary>Completes when a look for room is worth it.</summary>
    public Task ChangeAsync()
    {
        Task change;
        lock (gate)
        {
            room ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            change = room.Task;
        }

        // The last reply may have come before the room was asked for.
        Interlocked.MemoryBarrier();
        if (Interlocked.Read(ref bytes) <= limit / 2)
            WakeAll();
        return change;
    }

    private void WakeAll()
    {
        lock (gate)
        {
            room?.TrySetResult();
            room = null;
        }
    }
}
