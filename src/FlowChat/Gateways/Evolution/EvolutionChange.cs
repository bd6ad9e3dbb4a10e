using FlowChat.Messages.Changes;

namespace FlowChat.Gateways.Evolution;

/// <summary>The route and body of a change of a message.</summary>
internal sealed record EvolutionChange(HttpMethod Method, string Path, object Body)
{
    public static EvolutionChange Of(OutboundChange change)
    {
        var key = new
        {
            Id = change.WaId,
            RemoteJid = change.Jid,
            change.FromMe,
            change.Participant,
        };
        return change.Kind switch
        {
            MessageChangeKind.Reaction => new(
                HttpMethod.Post,
                "message/sendReaction",
                new { Key = key, Reaction = change.Text ?? "" }
            ),
            MessageChangeKind.Edit => new(
                HttpMethod.Post,
                "chat/updateMessage",
                new
                {
                    Number = change.Jid,
                    Key = key,
                    change.Text,
                }
            ),
            _ => new(HttpMethod.Delete, "chat/deleteMessageForEveryone", key),
        };
    }
}
