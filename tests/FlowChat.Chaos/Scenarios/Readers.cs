namespace FlowChat.Chaos.Scenarios;

internal static class Readers
{
    private const int Events = 500;

    /// <summary>What they show in the end is compared with what there is.</summary>
    public static async Task OfflineAsync(ChaosRun run, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await run.PauseAsync(3, 8, over);
            var reader = run.Pick(run.Traffic.Readers);
            await run.HarmAsync("a live reader is offline", _ => Task.CompletedTask);
            reader.GoOffline();
            await MissAsync(run, reader, over);
            run.Tell("and back");
            reader.ComeBack();
        }
    }

    private static async Task MissAsync(
        ChaosRun run,
        Traffic.LiveReader reader,
        CancellationToken over
    )
    {
        var before = reader.Seq;
        while (!over.IsCancellationRequested)
        {
            await run.PauseAsync(2, 2, over);
            if ((await run.Traffic.LastSeqAsync(reader)) - before >= Events)
                return;
        }
    }
}
