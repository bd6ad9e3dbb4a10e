using FlowChat.Media;

namespace FlowChat.Gateways;

/// <summary>What a gateway answers who asks for a message's medium.</summary>
internal abstract record MediaResult
{
    private MediaResult() { }

    /// <summary>They come as they are read; reading them may still fail.</summary>
    public sealed record Opened(Stream Bytes) : MediaResult;

    /// <summary>Another attempt would end the same way.</summary>
    /// <param name="Reason">For whoever looks after it.</param>
    /// <param name="Code">One of <see cref="MediaLoss"/>.</param>
    public sealed record Refused(string Reason, string Code = MediaLoss.Gone) : MediaResult;

    /// <summary>Another attempt may succeed.</summary>
    public sealed record Failed(string Reason) : MediaResult;

    /// <summary>The number isn't connected, or its key is refused: no attempt.</summary>
    public sealed record NotConnected(string Reason) : MediaResult;
}
