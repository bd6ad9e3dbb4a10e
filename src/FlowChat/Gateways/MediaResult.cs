namespace FlowChat.Gateways;

/// <summary>What a gateway answers who asks for a message's medium.</summary>
internal abstract record MediaResult
{
    private MediaResult() { }

    /// <summary>They come as they are read; reading them may still fail.</summary>
    public sealed record Opened(Stream Bytes) : MediaResult;

    /// <summary>Another attempt would end the same way.</summary>
    public sealed record Refused(string Reason) : MediaResult;

    /// <summary>Another attempt may succeed.</summary>
    public sealed record Failed(string Reason) : MediaResult;

    /// <summary>The number isn't connected, or its key is refused: no attempt.</summary>
    public sealed record NotConnected(string Reason) : MediaResult;
}
