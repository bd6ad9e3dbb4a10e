using System.Globalization;
using FlowChat.Queues.Tests.Model;

namespace FlowChat.Queues.Tests;

public abstract partial class QueueConformance
{
    private const int Steps = 60,
        AtOnce = 6,
        MaxPerStore = 50;

    /// <summary>How many random sequences each run tries; where a call is quick, many.</summary>
    protected virtual int Sequences => 100;

    /// <summary>
    /// A failure names its seed; FLOWCHAT_TEST_SEED plays that sequence alone, FLOWCHAT_TEST_SEQUENCES says how many others.
    /// </summary>
    [Theory]
    [InlineData(null, null, null)]
    [InlineData(2, null, null)]
    [InlineData(null, 3, null)]
    [InlineData(null, null, 2)]
    [InlineData(2, 4, 3)]
    public async Task Random_sequences_answer_as_the_model_does(
        int? keyConcurrency,
        int? rate,
        int? keyRate
    )
    {
        var count = Number("FLOWCHAT_TEST_SEQUENCES") ?? Sequences;
        IEnumerable<int> seeds = Number("FLOWCHAT_TEST_SEED") is { } chosen
            ? [chosen]
            : Enumerable.Range(0, (count + 4) / 5).Select(_ => Random.Shared.Next());
        await Parallel.ForEachAsync(
            seeds.Chunk(Math.Clamp(count / 5 / AtOnce, 1, MaxPerStore)),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Ct },
            async (some, _) =>
                await PlayAsync(some, o => Shape(o, keyConcurrency, rate, keyRate))
        );
    }

    private async Task PlayAsync(IEnumerable<int> seeds, Action<QueueOptions> shape)
    {
        await using var store = await CreateStoreAsync();
        var backend = store.Open();
        foreach (var seed in seeds)
        {
            // A queue of its own for each sequence, in one store.
            var bed = await QueueBed.MakeAsync(
                store,
                o =>
                {
                    shape(o);
                    o.Name = $"work-{seed}";
                },
                backend
            );
            var run = new ModelRun(bed, seed);
            try
            {
                await run.RunAsync(Steps);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException(
                    $"The sequence of seed {seed} failed after:{run.Story}",
                    e
                );
            }
        }
    }

    private static void Shape(QueueOptions options, int? keyConcurrency, int? rate, int? keyRate)
    {
        (options.MaxAttempts, options.Lease) = (3, TimeSpan.FromMinutes(10));
        (options.RetryDelay, options.RetryJitter) = (TimeSpan.FromMinutes(1), 0);
        (options.Rate, options.RatePeriod) = (rate, TimeSpan.FromMinutes(4));
        (options.KeyRate, options.KeyRatePeriod) = (keyRate, TimeSpan.FromMinutes(7));
        (options.KeyConcurrency, options.CompletedHistory) = (keyConcurrency, 0);
    }

    private static int? Number(string setting) =>
        Environment.GetEnvironmentVariable(setting) is { } value
            ? int.Parse(value, CultureInfo.InvariantCulture)
            : null;
}
