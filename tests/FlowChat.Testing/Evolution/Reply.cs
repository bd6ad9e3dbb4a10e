using System.Text.Json.Nodes;

namespace FlowChat.Testing.Evolution;

/// <summary>What happens to a request: whether it takes effect, and what its caller hears of it.</summary>
public sealed record Reply
{
    /// <summary>A good day: the effect, and the route's own answer.</summary>
    public static Reply Normal { get; } = new() { TakesEffect = true };

    /// <summary>Neither effect nor answer, until the caller gives up.</summary>
    public static Reply Never { get; } = new() { Ending = ReplyEnding.Hang };

    /// <summary>Takes effect, then the connection drops without an answer.</summary>
    public static Reply Lost { get; } = new() { TakesEffect = true, Ending = ReplyEnding.Drop };

    /// <summary>The connection drops before any effect; to its caller the same as a lost reply.</summary>
    public static Reply Dropped { get; } = new() { Ending = ReplyEnding.Drop };

    public bool TakesEffect { get; private init; }

    /// <summary>In place of the route's own answer.</summary>
    public Answer? Answer { get; private init; }

    internal ReplyEnding Ending { get; private init; }

    internal Func<CancellationToken, Task>? BeforeEffect { get; private init; }

    internal Func<CancellationToken, Task>? BeforeAnswer { get; private init; }

    /// <summary>No effect, and this answer.</summary>
    public static Reply Refused(Answer answer) => new() { Answer = answer };

    /// <summary>Evolution's own insert failed after WhatsApp had the message: 400 all the same.</summary>
    public static Reply FailedAfterSend(string error) =>
        new() { TakesEffect = true, Answer = Answer.Error(400, new JsonArray($"Error: {error}")) };

    public Reply After(Task signal) => this with { BeforeEffect = signal.WaitAsync };

    public Reply After(TimeSpan delay, TimeProvider time) =>
        this with
        {
            BeforeEffect = ct => Task.Delay(delay, time, ct),
        };

    /// <summary>Takes effect at once and answers after the signal.</summary>
    public Reply AnsweredAfter(Task signal) => this with { BeforeAnswer = signal.WaitAsync };
}

internal enum ReplyEnding
{
    Answer,
    Drop,
    Hang,
}
