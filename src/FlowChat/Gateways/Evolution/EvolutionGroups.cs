using FlowChat.Inbound;
using FlowChat.Inbound.Evolution;
using FlowChat.Instances;
using FlowChat.Settings;

namespace FlowChat.Gateways.Evolution;

/// <summary>Groups as Evolution's session sees them.</summary>
internal sealed class EvolutionGroups(
    EvolutionCalls calls,
    FlowChatSettings settings,
    TimeProvider clock
) : IGatewayGroups
{
    public string Name => "evolution";

    public async Task<GroupAnswer> FindGroupAsync(
        Instance instance,
        string jid,
        CancellationToken cancellationToken
    )
    {
        var asked = clock.GetUtcNow();
        var reply = await calls.CallAsync(
            EvolutionRequest.Get(
                instance,
                "group/findGroupInfos",
                $"?groupJid={Uri.EscapeDataString(jid)}"
            ),
            settings.GatewayTimeout,
            cancellationToken
        );
        try
        {
            return reply.IsMissing ? new GroupAnswer.Missing()
                : reply is { IsDone: true, Json: { } json }
                    ? new GroupAnswer.Found(
                        EvolutionGroup.Read(instance.Id, json, asked) with
                        {
                            IsAnswer = true,
                        },
                        EvolutionPeople.ReadPicture(json, "pictureUrl")
                    )
                : reply.IsNotConnected ? new GroupAnswer.NotConnected(reply.Reason)
                : new GroupAnswer.Failed(reply.Reason);
        }
        catch (InboundFormatException error)
        {
            return new GroupAnswer.Failed(error.Message);
        }
    }
}
