using System.Globalization;
using FlowChat.Queues.Tests.Model;

namespace FlowChat.Queues.Tests;

public abstract partial class QueueConformance
{
    private const int Sequences = 40,
        Steps = 60;

    /// <summary>A failure names its seed; FLOWCHAT_TEST_SEED plays that sequence alone.</summary>
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
        await using var store = await CreateStoreAsync();
        var chosen = Environment.GetEnvironmentVariable("FLOWCHAT_TEST_SEED");
        var seeds = chosen is null
            ? Enumerable.Range(0, Sequences).Select(_ => Random.Shared.Next())
            : [int.Parse(chosen, CultureInfo.InvariantCulture)];
        foreach (var seed in seeds)
        {
            // A queue of its own for each sequence, in one store.
            var bed = await QueueBed.MakeAsync(
                store,
                o =>
                {
                    (o.Name, o.MaxAttempts, o.Lease) = (
                        $"work-{seed}",
                        3,
                        TimeSpan.FromMinutes(10)
                    );
                    (o.RetryDelay, o.RetryJitter) = (TimeSpan.FromMinutes(1), 0);
                    o.KeyConcurrency = keyConcurrency;
                    (o.Rate, o.RatePeriod) = (rate, TimeSpan.FromMinutes(4));
                    (o.KeyRate, o.KeyRatePeriod) = (keyRate, TimeSpan.FromMinutes(7));
                }
            );
            try
            {
                await new ModelRun(bed, seed).RunAsync(Steps);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"The sequence of seed {seed} failed.", e);
            }
        }
    }
}
