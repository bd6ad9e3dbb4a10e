namespace FlowChat.Inbound;

/// <summary>What came can't be read; it goes to the quarantine with this reason.</summary>
internal sealed class InboundFormatException(string message) : Exception(message);
