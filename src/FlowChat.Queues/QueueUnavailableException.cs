namespace FlowChat.Queues;

/// <summary>The queue's server can't be reached or is busy. Nothing is known about the call; it may be made again.</summary>
public sealed class QueueUnavailableException(string message, Exception? inner = null)
    : Exception(message, inner);
