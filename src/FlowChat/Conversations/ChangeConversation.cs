using FlowChat.Storage;

namespace FlowChat.Conversations;

/// <summary>Changes what an agent may change of a conversation. Null = there is none.</summary>
internal sealed class ChangeConversation(Guid conversationId, string? status)
    : TenantChange<ConversationView?>
{
    public override void Declare(WorkKeys keys) => keys.Conversations.Add(conversationId);

    public override ConversationView? Apply(Workspace work)
    {
        if (work.Conversations.Find(conversationId) is not { } conversation)
        {
            return null;
        }
        if (status is not null && status != conversation.Status)
        {
            conversation.Status = status;
            work.ConversationUpdated(conversation);
        }
        return conversation.ToView();
    }
}

/// <summary>The team has seen the conversation. False = there is none.</summary>
internal sealed class ReadConversation(Guid conversationId) : TenantChange<bool>
{
    public override void Declare(WorkKeys keys) => keys.Conversations.Add(conversationId);

    public override bool Apply(Workspace work)
    {
        if (work.Conversations.Find(conversationId) is not { } conversation)
        {
            return false;
        }
        if (work.See(conversation))
        {
            work.ConversationUpdated(conversation);
        }
        return true;
    }
}
