namespace FlowChat.Queues.Redis.Resp;

/// <summary>What came is no RESP, or more of it than is accepted: nothing that follows can be trusted.</summary>
internal sealed class RespException(string message) : Exception(message);
