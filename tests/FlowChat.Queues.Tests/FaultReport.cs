namespace FlowChat.Queues.Tests;

/// <summary>
/// One row that a run left behind, in the order of the commits. The marks come from one counter: the first when the run
/// had its job, the second before its effect was there.
/// </summary>
internal sealed record Effect(Guid JobId, string Lane, int N, long Begun = 0, long Ended = 0);

/// <summary>What faults did to the jobs.</summary>
internal sealed record FaultReport(
    int Attempted,
    int Acknowledged,
    int Done,
    int Lost,
    int Duplicated,
    int Unexpected,
    int OutOfOrder,
    int Together
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
                .Sum(lane => lane.Zip(lane.Skip(1)).Count(pair => pair.First.N > pair.Second.N)),
            Together: effects.GroupBy(effect => effect.Lane).Sum(BegunInside)
        );
    }

    /// <summary>How many runs of a lane began before another job's run was at its end.</summary>
    private static int BegunInside(IEnumerable<Effect> lane)
    {
        var count = 0;
        Effect? last = null;
        foreach (var run in lane.OrderBy(run => run.Begun))
        {
            count += run.Begun < last?.Ended && run.JobId != last.JobId ? 1 : 0;
            last = run.Ended < last?.Ended ? last : run;
        }
        return count;
    }
}
