using System.Globalization;
using FlowChat.Chaos.Audit;
using FlowChat.Chaos.Scenarios;

namespace FlowChat.Chaos.Report;

/// <summary>A run as a line of the report.</summary>
internal sealed record Row(
    Scenario Scenario,
    DateTimeOffset At,
    ChaosOptions Options,
    int Faults,
    Counters Counters,
    TimeSpan Recovery
)
{
    public (int Tries, int Refused, int Cut) Tries { get; init; }

    public TimeSpan LongestGap { get; init; }

    public override string ToString()
    {
        var c = Counters;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {Scenario.Number} | {Scenario.Name}{(Options.TakesIds ? $", Evolution {Options.Evolution}" : "")} | {At:yyyy-MM-dd HH:mm} | {Options.Seed} | {Options.Duration.TotalMinutes:0.#} | {Faults} | {Tries.Tries} / {Tries.Refused} / {Tries.Cut} | {c.AttemptedIn} / {c.AcknowledgedIn} / {c.StoredIn} | {c.AttemptedOut} / {c.AcknowledgedOut} / {c.Sent} | {c.Lost} | {c.Duplicated} | {c.Unexpected} | {c.OutOfOrder} | {c.SentTwice} | {c.Unknown} | {LongestGap.TotalSeconds:0.0} | {Recovery.TotalSeconds:0} |"
        );
    }
}
