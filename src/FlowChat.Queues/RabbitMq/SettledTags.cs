namespace FlowChat.Queues.RabbitMq;

/// <summary>
/// The deliveries of one channel that are settled. Their tags count up from 1, so all before the first open one can be
/// acknowledged in one word.
/// </summary>
internal sealed class SettledTags
{
    private readonly HashSet<ulong> beyond = [];
    private ulong upTo;

    /// <returns>The tag to acknowledge with all before it, 0 if there is none, and those to acknowledge alone.</returns>
    public (ulong UpTo, List<ulong> Alone) Add(IReadOnlyCollection<ulong> tags)
    {
        beyond.UnionWith(tags);
        while (beyond.Remove(upTo + 1))
            upTo++;
        var last = 0UL;
        var alone = new List<ulong>();
        foreach (var tag in tags)
            if (tag > upTo)
                alone.Add(tag);
            else
                last = Math.Max(last, tag);
        // Not further than a tag of this call: RabbitMQ knows no tag that it has let go of already.
        return (last, alone);
    }
}
