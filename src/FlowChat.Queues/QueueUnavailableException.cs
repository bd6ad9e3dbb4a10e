namespace FlowChat.Queues;

/// <summary>The queue's server can't be reached or is busy. Nothing is known about the call; it may be made again.</summary>
public class QueueUnavailableException(string message, Exception? inner = null)
    : Exception(message, inner);

/// <summary>The queue or its server has no room. Nothing was added; it may be tried again once there is room.</summary>
public sealed class QueueFullException(string message, Exception? inner = null)
    : QueueUnavailableException(message, inner);
