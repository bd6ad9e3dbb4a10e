namespace FlowChat.Queues;

/// <summary>A limit key where it counts: in one queue of one tenant.</summary>
public readonly record struct LimitKey(Guid TenantId, string Queue, string Key);
