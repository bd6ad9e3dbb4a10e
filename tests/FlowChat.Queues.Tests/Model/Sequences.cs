using System.Globalization;

namespace FlowChat.Queues.Tests.Model;

/// <summary>
/// Plays random sequences, several at once. A failure names its seed; FLOWCHAT_TEST_SEED plays that sequence alone,
/// FLOWCHAT_TEST_SEQUENCES says how many others.
/// </summary>
internal static class Sequences
{
    private const int Steps = 60,
        AtOnce = 6,
        MaxPerStore = 50;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task PlayAsync(
        int usual,
        Action<QueueOptions> limits,
        Func<Task<IQueueStore>> createStore
    )
    {
        var seeds = Seeds(usual);
        await Parallel.ForEachAsync(
            seeds.Chunk(Math.Clamp(seeds.Length / AtOnce, 1, MaxPerStore)),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Ct },
            async (some, _) =>
            {
                await using var store = await createStore();
                await PlayAsync(some, limits, store);
            }
        );
    }

    /// <summary>Plays these, one after the other.</summary>
    public static async Task PlayAsync(
        IEnumerable<int> seeds,
        Action<QueueOptions> limits,
        IQueueStore store
    )
    {
        var backend = store.Open();
        foreach (var seed in seeds)
        {
            // A queue of its own for each sequence, in one store.
            var bed = await QueueBed.MakeAsync(store, o => Shape(o, seed, limits), backend);
            var run = new ModelRun(bed, seed) { Lossy = store as LossyStore };
            try
            {
                await run.RunAsync(Steps);
            }
            catch (Exception e)
            {
                throw Failed(seed, run.Story, e);
            }
        }
    }

    /// <summary>As many as the run shall play.</summary>
    public static int[] Seeds(int usual) =>
        Number("FLOWCHAT_TEST_SEED") is { } chosen
            ? [chosen]
            :
            [
                .. Enumerable
                    .Range(0, Number("FLOWCHAT_TEST_SEQUENCES") ?? usual)
                    .Select(_ => Random.Shared.Next()),
            ];

    public static InvalidOperationException Failed(int seed, string story, Exception reason) =>
        new($"The sequence of seed {seed} failed after:{story}", reason);

    private static void Shape(QueueOptions options, int seed, Action<QueueOptions> limits)
    {
        (options.Name, options.MaxAttempts, options.Lease) = (
            $"work-{seed}",
            3,
            TimeSpan.FromMinutes(10)
        );
        (options.RetryDelay, options.RetryJitter) = (TimeSpan.FromMinutes(1), 0);
        options.CompletedHistory = 0;
        limits(options);
    }

    private static int? Number(string setting) =>
        Environment.GetEnvironmentVariable(setting) is { } value
            ? int.Parse(value, CultureInfo.InvariantCulture)
            : null;
}
