using FlowChat.Contacts;
using FlowChat.Groups;
using FlowChat.Instances;
using FlowChat.Messages;

namespace FlowChat.Conversations;

/// <summary>A conversation as the writer holds it, locked until the commit.</summary>
internal sealed class Conversation
{
    // Loaded where a change of the batch may be an answer.
    private readonly List<(DateTimeOffset SentAt, long Arrival)> _unread = [];

    public required Guid Id { get; init; }
    public required Guid InstanceId { get; init; }

    /// <summary>Its number was removed: it stays to be read.</summary>
    public bool IsInstanceDeleted { get; init; }

    /// <summary>The name of its number's gateway; empty while it is new.</summary>
    public string Gateway { get; init; } = "";

    /// <summary>See <see cref="Instance.GatewayVersion"/>.</summary>
    public string? GatewayVersion { get; init; }
    public required Contact? Contact { get; init; }
    public required Group? Group { get; init; }
    public string Status { get; set; } = ConversationStatus.Open;
    public Guid? AssigneeId { get; set; }
    public int UnreadCount { get; private set; }

    /// <summary>The team has seen all up to this arrival.</summary>
    public long SeenArrivals { get; private set; }

    /// <summary>The last answer written outside FlowChat, by its place in the thread.</summary>
    public (DateTimeOffset SentAt, long Arrival) Answer { get; private set; } =
        (DateTimeOffset.MinValue, 0);
    public Message? LastMessage { get; private set; }
    public required DateTimeOffset LastActivityAt { get; set; }
    public long Arrivals { get; set; }

    /// <summary>Until when its gateway takes any message; later only templates. Null = always.</summary>
    public DateTimeOffset? WindowClosesAt { get; private set; }

    /// <summary>See <see cref="Gateways.SendPace"/>.</summary>
    public DateTimeOffset? PacedUntil { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public long Version { get; set; } = 1;
    public bool IsNew { get; init; }

    /// <returns>Null = the contact has no address that its gateway sends to.</returns>
    public string? JidFor(Instance instance) =>
        Contact is { } contact ? contact.JidFor(instance.Gateway) : Group!.Jid;

    /// <summary>A late webhook brings an older message: it is counted, but doesn't become the last one.</summary>
    public void Append(Message message)
    {
        LastActivityAt = message.SentAt > LastActivityAt ? message.SentAt : LastActivityAt;
        if (
            LastMessage is null
            || (message.SentAt, message.Arrival).CompareTo(
                (LastMessage.SentAt, LastMessage.Arrival)
            ) > 0
        )
        {
            LastMessage = message;
        }
    }

    public bool IsWindowClosed(DateTimeOffset now) => WindowClosesAt <= now;

    /// <summary>A late webhook doesn't shorten it.</summary>
    public void OpenWindow(DateTimeOffset? until) =>
        WindowClosesAt = until is null || until < WindowClosesAt ? WindowClosesAt : until;

    /// <summary>How far the team had read when the row was written.</summary>
    public void RestoreReading(
        int count,
        long seenArrivals,
        (DateTimeOffset SentAt, long Arrival) answer
    ) => (UnreadCount, SeenArrivals, Answer) = (count, seenArrivals, answer);

    /// <summary>One of the messages that <see cref="UnreadCount"/> counts.</summary>
    public void RestoreUnread(DateTimeOffset sentAt, long arrival) =>
        _unread.Add((sentAt, arrival));

    /// <summary>The other side wrote. A late webhook may bring what was answered before.</summary>
    public void Receive(Message message)
    {
        var place = (message.SentAt, message.Arrival);
        if (place.CompareTo(Answer) > 0)
        {
            _unread.Add(place);
            UnreadCount++;
        }
    }

    /// <summary>What the other side wrote turned out to be nothing that anybody has to read.</summary>
    public void Withdraw(Message message)
    {
        var place = (message.SentAt, message.Arrival);
        if (UnreadCount > 0 && message.Arrival > SeenArrivals && place.CompareTo(Answer) > 0)
        {
            _unread.Remove(place);
            UnreadCount--;
        }
    }

    /// <summary>This side wrote on the phone or with another program: what stands above it is read, what stands below isn't.</summary>
    public void ReceiveAnswer(Message message)
    {
        var place = (message.SentAt, message.Arrival);
        if (place.CompareTo(Answer) > 0)
        {
            Answer = place;
            _unread.RemoveAll(unread => unread.CompareTo(place) < 0);
            UnreadCount = _unread.Count;
        }
    }

    /// <summary>The team has seen all that has arrived.</summary>
    public void See()
    {
        _unread.Clear();
        (UnreadCount, SeenArrivals) = (0, Arrivals);
    }

    public ConversationView ToView() =>
        new(
            Id,
            InstanceId,
            Contact is null ? "group" : "direct",
            Contact?.ToView(),
            Group?.ToView(),
            Status,
            AssigneeId is { } assignee ? new(assignee) : null,
            UnreadCount,
            LastMessage?.ToView(),
            LastActivityAt,
            CreatedAt,
            Version
        )
        {
            WindowClosesAt = WindowClosesAt,
        };
}

internal static class ConversationStatus
{
    public const string Open = "open";
    public const string Snoozed = "snoozed";
    public const string Resolved = "resolved";

    public static bool IsKnown(string status) => status is Open or Snoozed or Resolved;
}

/// <summary>A conversation's JSON, the same in lists, answers and events.</summary>
public sealed record ConversationView(
    Guid Id,
    Guid InstanceId,
    string Kind,
    ContactView? Contact,
    GroupView? Group,
    string Status,
    ConversationAssignee? Assignee,
    int UnreadCount,
    MessageView? LastMessage,
    DateTimeOffset LastActivityAt,
    DateTimeOffset CreatedAt,
    long Version
)
{
    /// <summary>From then on its gateway takes templates only, until the other side writes again. Null = it takes any message.</summary>
    public DateTimeOffset? WindowClosesAt { get; init; }
}

/// <summary>Whose conversation it is; the name is the user's.</summary>
public sealed record ConversationAssignee(Guid Id);
