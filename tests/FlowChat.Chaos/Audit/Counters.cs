using System.Globalization;

namespace FlowChat.Chaos.Audit;

/// <summary>What an audit found. All but <see cref="Unknown"/> and the sums must be zero.</summary>
internal sealed record Counters
{
    public int AttemptedIn { get; init; }
    public int AcknowledgedIn { get; init; }
    public int StoredIn { get; init; }
    public int AttemptedOut { get; init; }
    public int AcknowledgedOut { get; init; }
    public int Sent { get; init; }

    /// <summary>Acknowledged, and not there; or to be sent, and neither sent nor shown as unknown.</summary>
    public int Lost { get; init; }

    /// <summary>Rows beyond the first of a message.</summary>
    public int Duplicated { get; init; }

    /// <summary>Answers, rows, files, events and ends of processes that nothing explains.</summary>
    public int Unexpected { get; init; }

    /// <summary>Neighbours in a thread, or on a contact's phone, that stand the wrong way round.</summary>
    public int OutOfOrder { get; init; }

    /// <summary>Times that a contact got a message beyond the first.</summary>
    public int SentTwice { get; init; }

    /// <summary>Sends that an agent has to decide on.</summary>
    public int Unknown { get; init; }

    /// <summary>What each of those counted was, as far as a person will read.</summary>
    public IReadOnlyList<string> Findings { get; init; } = [];

    public bool IsClean => (Lost, Duplicated, Unexpected, OutOfOrder, SentTwice) == (0, 0, 0, 0, 0);

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"in: attempted {AttemptedIn}, acknowledged {AcknowledgedIn}, stored {StoredIn}; out: attempted {AttemptedOut}, acknowledged {AcknowledgedOut}, sent {Sent}; lost {Lost}, duplicated {Duplicated}, unexpected {Unexpected}, out of order {OutOfOrder}, sent twice {SentTwice}, unknown {Unknown}"
        );
}
