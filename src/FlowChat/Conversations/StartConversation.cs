using FlowChat.Contacts;
using FlowChat.Gateways;
using FlowChat.Pictures;
using FlowChat.Storage;

namespace FlowChat.Conversations;

/// <summary>Finds or makes the conversation with whoever has these addresses.</summary>
internal sealed class StartConversation(Guid instanceId, IReadOnlyList<Identity> addresses)
    : TenantChange<ConversationView?>
{
    public override void Declare(WorkKeys keys)
    {
        keys.Instances.Add(instanceId);
        keys.Identities.UnionWith(addresses);
    }

    /// <returns>Null = there is no such instance.</returns>
    public override ConversationView? Apply(Workspace work)
    {
        if (work.Instances.Find(instanceId) is not { DeletedAt: null } instance)
        {
            return null;
        }
        var contact = work.Meet(addresses);
        var conversation = work.Conversations.FindOrAdd(
            instanceId,
            contact,
            null,
            work.Now,
            work.Now
        );
        if (conversation.IsNew)
        {
            // Nobody has written yet: where there is a window, it is closed.
            conversation.OpenWindow(
                GatewayLimits.Of(instance.Gateway).Window is null ? null : work.Now
            );
            work.ConversationUpdated(conversation);
            ProfilePictureJob.AskWhenDue(work, instanceId, contact);
        }
        return conversation.ToView();
    }
}
