using FlowChat.Groups;
using FlowChat.Instances;

namespace FlowChat.Gateways;

/// <summary>A gateway that knows groups.</summary>
internal interface IGatewayGroups
{
    /// <summary>The gateway's name in an instance's row.</summary>
    string Name { get; }

    /// <summary>All of a group. What goes wrong there is an answer.</summary>
    Task<GroupAnswer> FindGroupAsync(
        Instance instance,
        string jid,
        CancellationToken cancellationToken
    );
}

/// <summary>What a gateway says of a group.</summary>
internal abstract record GroupAnswer
{
    private GroupAnswer() { }

    public sealed record Found(InboundGroup Group, PictureAnswer Picture) : GroupAnswer;

    /// <summary>It knows no such group, or isn't connected: it says the same of both.</summary>
    public sealed record Missing : GroupAnswer;

    /// <summary>Another attempt has to wait for the number's connection, or for a better key.</summary>
    public sealed record NotConnected(string Reason) : GroupAnswer;

    /// <summary>Another attempt may succeed.</summary>
    public sealed record Failed(string Reason) : GroupAnswer;
}
