namespace FlowChat.Queues.Tests.Redis;

/// <summary>Redis alone.</summary>
public abstract class RedisConformance : QueueConformance
{
    // It would have to look at every lane and key.
    protected override bool KnowsWhoWaitsBehindOthers => false;
}
