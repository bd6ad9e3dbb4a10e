using FlowChat.Contacts;
using FlowChat.Instances;

namespace FlowChat.Gateways;

/// <summary>A gateway that tells who somebody is. What goes wrong there is an answer.</summary>
internal interface IGatewayPeople
{
    /// <summary>The gateway's name in an instance's row.</summary>
    string Name { get; }

    Task<PictureAnswer> FindPictureAsync(
        Instance instance,
        string jid,
        CancellationToken cancellationToken
    );

    /// <summary>Under which addresses WhatsApp knows a number.</summary>
    Task<NumberAnswer> FindNumberAsync(
        Instance instance,
        string digits,
        CancellationToken cancellationToken
    );
}

/// <summary>What a gateway says of somebody's picture.</summary>
internal abstract record PictureAnswer
{
    private PictureAnswer() { }

    /// <summary>WhatsApp has it there, for some days.</summary>
    public sealed record Found(Uri Url) : PictureAnswer;

    /// <summary>They have none, or hide it.</summary>
    public sealed record None : PictureAnswer;

    /// <summary>Another attempt may succeed.</summary>
    public sealed record Failed(string Reason) : PictureAnswer;

    /// <summary>The number isn't connected, or its key is refused: no attempt.</summary>
    public sealed record NotConnected(string Reason) : PictureAnswer;
}

/// <summary>What a gateway says of a number.</summary>
internal abstract record NumberAnswer
{
    private NumberAnswer() { }

    /// <param name="Addresses">The one to send to first.</param>
    public sealed record Found(IReadOnlyList<Identity> Addresses) : NumberAnswer;

    /// <summary>Nobody on WhatsApp has it.</summary>
    public sealed record Nobody : NumberAnswer;

    /// <summary>It doesn't say.</summary>
    public sealed record Failed(string Reason) : NumberAnswer;
}
