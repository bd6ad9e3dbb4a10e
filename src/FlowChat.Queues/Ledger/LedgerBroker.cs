namespace FlowChat.Queues.Ledger;

/// <summary>A broker and the queues that it carries.</summary>
/// <param name="Backend">Its entries are jobs with neither lane nor key, whose ids are the ledger's.</param>
/// <param name="Carries">Whether it carries the queue of that name.</param>
public sealed record LedgerBroker(IQueueBackend Backend, Func<string, bool> Carries);
