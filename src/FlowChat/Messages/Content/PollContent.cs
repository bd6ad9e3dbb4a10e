namespace FlowChat.Messages.Content;

/// <summary>Of <see cref="MessageType.Poll"/>.</summary>
/// <param name="Question">What is asked.</param>
/// <param name="Options">The answers to choose from, as they are counted.</param>
/// <param name="SelectableCount">How many one may choose; 0 for any number.</param>
/// <param name="Votes">One of each person; one that was taken back has no options.</param>
public sealed record PollContent(
    string Question,
    IReadOnlyList<string> Options,
    int SelectableCount,
    IReadOnlyList<PollVote> Votes
);

public sealed record PollVote(IReadOnlyList<string> Options, MessageSender By, DateTimeOffset At);
