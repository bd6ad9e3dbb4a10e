using System.Diagnostics;
using FlowChat.Contacts;
using FlowChat.Conversations;
using FlowChat.Groups;
using FlowChat.Instances;
using FlowChat.Live;
using FlowChat.Media;
using FlowChat.Messages;
using FlowChat.Queues;
using FlowChat.Queues.Postgres;
using Npgsql;

namespace FlowChat.Storage;

/// <summary>The part of a tenant that one batch works on: loaded and locked, changed in memory, then written in sets.</summary>
internal sealed class Workspace(Guid tenantId, DateTimeOffset now)
{
    private readonly List<PendingEvent> _events = [];
    private readonly List<Job> _jobs = [];
    private readonly List<Action<JobLedger, NpgsqlBatch>> _jobChanges = [];
    private readonly List<JobHint> _wakes = [];

    public Guid TenantId { get; } = tenantId;

    /// <summary>The database's clock, one reading for the whole batch.</summary>
    public DateTimeOffset Now { get; } = now;

    public InstanceSet Instances { get; } = new();
    public ContactSet Contacts { get; } = new();
    public GroupSet Groups { get; } = new();
    public ConversationSet Conversations { get; } = new();
    public MessageSet Messages { get; } = new();
    public AttachmentSet Attachments { get; } = new();
    public EarlyReceiptSet EarlyReceipts { get; } = new();
    public EarlyChangeSet EarlyChanges { get; } = new();
    public HeldEchoSet HeldEchoes { get; } = new();
    public DeadJobSet DeadJobs { get; } = new();
    public IReadOnlyList<PendingEvent> Events => _events;

    /// <summary>The caller's, of the change that is applied now: the jobs it asks for belong to it.</summary>
    public ActivityContext Trace { get; set; }

    /// <summary>What workers may do after the commit.</summary>
    public IReadOnlyList<JobHint> Wakes => _wakes;

    public void Enqueue(Job job)
    {
        _jobs.Add(QueueTraces.Send(job, Trace));
        Wake(JobHint.Of(job));
    }

    public void Wake(JobHint hint) => _wakes.Add(hint);

    /// <summary>Settles, requeues or parks jobs in the batch's transaction, after the messages and before the counter.</summary>
    public void WithLedger(Action<JobLedger, NpgsqlBatch> change) => _jobChanges.Add(change);

    /// <summary>Whoever tells of a person tells it here. What is new of them shows in all their conversations.</summary>
    /// <param name="addresses">One person's: whom one of them finds gets the others.</param>
    /// <param name="name">What they call themselves; null = it isn't told.</param>
    /// <param name="wroteAt">When they wrote from these addresses; null = they didn't.</param>
    /// <exception cref="ContactsApartException">The addresses are known as two contacts', who are one person.</exception>
    public Contact Meet(
        IReadOnlyList<Identity> addresses,
        string? name = null,
        DateTimeOffset? wroteAt = null
    )
    {
        // Null = they are new, and show with what they do.
        var addressesBefore = Contacts.Find(addresses)?.Identities.Count;
        var contact = Contacts.FindOrAdd(addresses);
        var isRenamed = contact.TakeName(name);
        var isElsewhere = wroteAt is { } at && Hear(contact, addresses, at);
        if (
            addressesBefore is { } before
            && (isRenamed || isElsewhere || contact.Identities.Count > before)
        )
        {
            ContactUpdated(contact);
        }
        return contact;
    }

    /// <returns>Whether they are answered at another number from now on.</returns>
    private bool Hear(Contact contact, IReadOnlyList<Identity> addresses, DateTimeOffset at)
    {
        TakePhones(contact, addresses, at);
        return addresses.FirstOrDefault(one => one.Kind == IdentityKind.Phone)
                is { Kind: not null } told
            && contact.NewsOf(told, at) is { } phone
            && !HasWrittenSince(contact, at)
            && Contacts.HearFrom(contact, phone, at);
    }

    // A reply to whom it belonged to would reach the one who has it now.
    private void TakePhones(Contact contact, IReadOnlyList<Identity> addresses, DateTimeOffset at)
    {
        foreach (var (owner, phone) in Contacts.OthersWith(contact, addresses))
        {
            if (at >= (owner.HeardAt ?? at) && !HasWrittenSince(owner, at))
            {
                Contacts.MovePhone(phone, owner, contact);
                ContactUpdated(owner);
            }
        }
    }

    // A message that comes late says nothing of where they are now.
    private bool HasWrittenSince(Contact contact, DateTimeOffset at) =>
        Conversations
            .Of(contact)
            .Any(one => one.LastMessage is { IsOut: false } last && last.SentAt > at);

    /// <summary>Some of them may be told twice. By a LID alone somebody would be new: who is told with most addresses comes first.</summary>
    public void MeetAll(IEnumerable<IReadOnlyList<Identity>> people)
    {
        foreach (
            var addresses in people.Where(all => all.Count > 0).OrderByDescending(all => all.Count)
        )
        {
            Meet(addresses);
        }
    }

    public void ContactUpdated(Contact contact)
    {
        contact.Version++;
        Contacts.Touch(contact);
        foreach (var conversation in Conversations.Of(contact))
        {
            ConversationUpdated(conversation);
        }
        Emit(LiveEventType.ContactUpdated, null, new ContactEvent(contact.ToView()));
    }

    public void MessageCreated(Message message) =>
        MessageEvent(LiveEventType.MessageCreated, message);

    public void MessageUpdated(Message message)
    {
        message.Version++;
        Messages.Touch(message);
        MessageEvent(LiveEventType.MessageUpdated, message);
    }

    public void ConversationUpdated(Conversation conversation)
    {
        conversation.Version++;
        Conversations.Touch(conversation);
        Emit(
            LiveEventType.ConversationUpdated,
            conversation.InstanceId,
            new ConversationEvent(conversation.ToView())
        );
    }

    /// <summary>The team has seen all that has arrived, and the other side is told so.</summary>
    /// <returns>False = nothing was unread.</returns>
    public bool See(Conversation conversation)
    {
        var wasUnread = conversation.UnreadCount > 0;
        if (wasUnread)
        {
            Enqueue(MarkAsReadJob.For(TenantId, conversation, Now));
        }
        conversation.See();
        return wasUnread;
    }

    public void InstanceCreated(Instance instance) => InstanceEvent(instance);

    public void InstanceUpdated(Instance instance)
    {
        instance.Version++;
        Instances.Touch(instance);
        InstanceEvent(instance);
    }

    private void InstanceEvent(Instance instance) =>
        Emit(LiveEventType.InstanceUpdated, instance.Id, new InstanceEvent(instance.ToView()));

    public void Emit<T>(LiveEventType type, Guid? instanceId, T data) =>
        _events.Add(PendingEvent.Of(type, instanceId, data));

    public void WriteJobs(JobLedger ledger, NpgsqlBatch batch)
    {
        foreach (var change in _jobChanges)
        {
            change(ledger, batch);
        }
        if (_jobs.Count > 0)
        {
            ledger.Add(batch, _jobs);
        }
    }

    // One event for both: who sees the message change sees its conversation's row change with it.
    private void MessageEvent(LiveEventType type, Message message)
    {
        var conversation = Conversations.Get(message.ConversationId);
        conversation.Version++;
        Conversations.Touch(conversation);
        Emit(type, message.InstanceId, new MessageEvent(message.ToView(), conversation.ToView()));
    }
}
