namespace FlowChat.Queues.Tests;

/// <summary>One row that a run left behind, in the order of the commits.</summary>
internal sealed record Effect(Guid JobId, string Lane, int N);

/// <summary>What faults did to the jobs.</summary>
internal sealed record FaultReport(
    int Attempted,
    int Acknowledged,
    int Done,
    int Lost,
    int Duplicated,
    int Unexpected,
    int OutOfOrder
)
{
    public static FaultReport Of(int attempted, HashSet<Guid> acknowledged, List<Effect> effects)
    {
        var done = effects.Select(effect => effect.JobId).ToHashSet();
        return new FaultReport(
            attempted,
            acknowledged.Count,
            done.Count,
            Lost: acknowledged.Except(done).Count(),
            Duplicated: effects.Count - done.Count,
            Unexpected: done.Except(acknowledged).Count(),
            OutOfOrder: effects
                .GroupBy(effect => effect.Lane)
                .Sum(lane => lane.Zip(lane.Skip(1)).Count(pair => pair.First.N > pair.Second.N))
        );
    }
}
