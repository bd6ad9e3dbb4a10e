using FlowChat.Chaos.Traffic;

namespace FlowChat.Chaos.Scenarios;

internal static class Readers
{
    private const int Events = 500;

    /// <summary>What they show in the end is compared with what there is, and with what a page shows that is loaded anew.</summary>
    public static Task OfflineAsync(ChaosRun run, CancellationToken over) =>
        Task.WhenAll([
            StreamsAsync(run, over),
            .. run.Pages!.All.Select(page => PageAsync(run, page, over)),
        ]);

    private static async Task StreamsAsync(ChaosRun run, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await run.PauseAsync(3, 8, over);
            var reader = run.Pick(run.Traffic.Readers);
            await run.HarmAsync("a live reader is offline", _ => Task.CompletedTask);
            var before = reader.Seq;
            reader.GoOffline();
            await MissAsync(run, reader, before, over);
            run.Tell("and back");
            reader.ComeBack();
        }
    }

    private static async Task PageAsync(ChaosRun run, AgentPage page, CancellationToken over)
    {
        var watch = run.Traffic.Readers[0];
        while (!over.IsCancellationRequested)
        {
            await run.PauseAsync(3, 8, over);
            await run.HarmAsync($"{page.Name} is offline", _ => page.GoOfflineAsync());
            await MissAsync(run, watch, await run.Traffic.LastSeqAsync(watch), over);
            run.Tell($"{page.Name} is back");
            await page.ComeBackAsync();
        }
    }

    /// <summary>Until so much has happened in the reader's tenant.</summary>
    private static async Task MissAsync(
        ChaosRun run,
        LiveReader reader,
        long before,
        CancellationToken over
    )
    {
        while (!over.IsCancellationRequested)
        {
            await run.PauseAsync(2, 2, over);
            if ((await run.Traffic.LastSeqAsync(reader)) - before >= Events)
                return;
        }
    }
}
