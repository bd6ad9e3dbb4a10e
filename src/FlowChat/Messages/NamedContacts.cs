using System.Text.Json;
using FlowChat.Json;
using FlowChat.Messages.Content;
using FlowChat.Storage;
using static FlowChat.Storage.SqlBatch;

namespace FlowChat.Messages;

/// <summary>Whom messages name by their contact's id, apart from who wrote them: noted, so that a join of two contacts finds them.</summary>
internal static class NamedContacts
{
    // A contact that was joined into another may still be named by a message of before.
    private const string Note = """
        insert into named_contacts (contact_id, conversation_id, instance_id)
        select n.contact_id, n.conversation_id, n.instance_id
        from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as n (contact_id, conversation_id, instance_id)
        where exists (select from contacts where id = n.contact_id)
        on conflict do nothing
        """;

    public static void Write(SqlBatch batch, IEnumerable<Message> messages)
    {
        var named = messages
            .SelectMany(message =>
                In(message).Select(id => (Id: id, message.ConversationId, message.InstanceId))
            )
            .Distinct()
            // One order for all, so that two batches never wait for each other.
            .Order()
            .ToList();
        if (named.Count > 0)
        {
            batch.Add(
                Note,
                Column(named, one => one.Id),
                Column(named, one => one.ConversationId),
                Column(named, one => one.InstanceId)
            );
        }
    }

    private static IEnumerable<Guid> In(Message message)
    {
        var people = message.Reactions.Select(reaction => reaction.By);
        if (message.ReplyTo?.Sender is { } quoted)
        {
            people = people.Append(quoted);
        }
        if (message.Type == MessageType.Poll)
        {
            people = people.Concat(Read<PollContent>(message).Votes.Select(vote => vote.By));
        }
        var ids = people
            .Where(person => person.Kind == SenderKind.Contact)
            .Select(person => person.Id)
            .Concat(message.Mentions.Select(mention => mention.ContactId));
        if (message.Type == MessageType.System)
        {
            var content = Read<SystemContent>(message);
            ids = ids.Concat(content.Members.Append(content.Actor).Select(who => who?.ContactId));
        }
        return ids.OfType<Guid>();
    }

    private static T Read<T>(Message message) =>
        JsonSerializer.Deserialize<T>(message.Content!, FlowChatJson.Options)!;
}
