namespace FlowChat.Inbound;

/// <summary>How much memory all large webhook bodies may hold together.</summary>
internal sealed class ByteBudget(long total)
{
    private long _free = total;

    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _free, -bytes) >= 0)
        {
            return true;
        }
        Interlocked.Add(ref _free, bytes);
        return false;
    }

    public void GiveBack(long bytes) => Interlocked.Add(ref _free, bytes);
}
