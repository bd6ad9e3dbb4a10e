using FlowChat.Chaos.Traffic;

namespace FlowChat.Chaos.Scenarios;

internal static class Readers
{
    private const int Events = 500;

    private static readonly TimeSpan Away = TimeSpan.FromMinutes(1);

    /// <summary>What they show in the end is compared with what there is, and with what a page shows that is loaded anew.</summary>
    public static async Task OfflineAsync(ChaosRun run, CancellationToken over)
    {
        var missed = await Task.WhenAll([
            StreamsAsync(run, over),
            .. run.Pages!.All.Select(page => PageAsync(run, page, over)),
        ]);
        if (missed.Contains(0) && run.Duration >= 2 * Away)
            run.Traffic.Judge.Condemn($"Somebody never missed {Events} events");
    }

    /// <returns>How often somebody missed as many events.</returns>
    private static async Task<int> StreamsAsync(ChaosRun run, CancellationToken over)
    {
        var times = 0;
        while (!over.IsCancellationRequested)
        {
            await run.PauseAsync(3, 8, over);
            var reader = run.Pick(run.Traffic.Readers);
            await run.HarmAsync("a live reader is offline", _ => Task.CompletedTask);
            var before = reader.Seq;
            reader.GoOffline();
            times += await MissAsync(run, reader, before, over);
            run.Tell("and back");
            reader.ComeBack();
        }
        return times;
    }

    private static async Task<int> PageAsync(ChaosRun run, AgentPage page, CancellationToken over)
    {
        var times = 0;
        var watch = run.Traffic.Readers[0];
        while (!over.IsCancellationRequested)
        {
            await run.PauseAsync(3, 8, over);
            await run.HarmAsync($"{page.Name} is offline", _ => page.GoOfflineAsync());
            times += await MissAsync(run, watch, await run.Traffic.LastSeqAsync(watch), over);
            run.Tell($"{page.Name} is back");
            await page.ComeBackAsync();
        }
        return times;
    }

    /// <summary>For a minute at least, and until so much has happened in the reader's tenant.</summary>
    /// <returns>1, or 0 when the run's end came before.</returns>
    private static async Task<int> MissAsync(
        ChaosRun run,
        LiveReader reader,
        long before,
        CancellationToken over
    )
    {
        var since = run.Time.GetTimestamp();
        while (!over.IsCancellationRequested)
        {
            await run.PauseAsync(2, 2, over);
            var missed = await run.Traffic.LastSeqAsync(reader) - before;
            if (missed >= Events && run.Time.GetElapsedTime(since) >= Away)
                return 1;
        }
        return 0;
    }
}
