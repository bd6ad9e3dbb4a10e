namespace FlowChat.Queues.Redis.Resp.Cluster;

/// <summary>Which node has which slot, as one node saw it.</summary>
internal sealed class ClusterMap
{
    private readonly RedisEndpoint?[] owners;

    private ClusterMap(RedisEndpoint?[] owners) => this.owners = owners;

    public IEnumerable<RedisEndpoint> Nodes => owners.OfType<RedisEndpoint>().Distinct();

    public RedisEndpoint? this[int slot] => owners[slot];

    /// <summary>Reads the answer to CLUSTER SLOTS of this node.</summary>
    public static ClusterMap Read(RedisReply slots, RedisEndpoint asked)
    {
        var read = new RedisEndpoint?[ClusterSlot.Count];
        foreach (var range in slots.Items)
        {
            var master = range[2];
            // A node that doesn't know its own address leaves it out.
            var host = master[0].Bytes.IsEmpty ? asked.Host : master[0].Text;
            var owner = new RedisEndpoint(host, (int)master[1].Integer);
            for (var slot = range[0].Integer; slot <= range[1].Integer; slot++)
                read[slot] = owner;
        }

        return new ClusterMap(read);
    }

    public ClusterMap With(int slot, RedisEndpoint owner)
    {
        RedisEndpoint?[] changed = [.. owners];
        changed[slot] = owner;
        return new ClusterMap(changed);
    }
}
