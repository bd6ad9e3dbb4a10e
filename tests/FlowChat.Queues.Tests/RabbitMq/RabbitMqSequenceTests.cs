using FlowChat.Queues.Tests.Model;

namespace FlowChat.Queues.Tests.RabbitMq;

/// <summary>
/// Random sequences of what RabbitMQ promises without a ledger: no lanes, keys, unique ids or pause, and no waits, which
/// only its own clock ends. Workers' connections die in place of leases that pass.
/// </summary>
public sealed class RabbitMqSequenceTests(RabbitMqFixture rabbitMq)
{
    private const int Usual = 24,
        AtOnce = 4;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public Task Random_sequences_answer_as_the_model_does() =>
        Parallel.ForEachAsync(
            Sequences.Seeds(Usual).Chunk(Math.Max(1, Usual / AtOnce)),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Ct },
            async (seeds, _) =>
            {
                foreach (var seed in seeds)
                    await PlayAsync(seed);
            }
        );

    private async Task PlayAsync(int seed)
    {
        var prefix = RabbitMqFixture.NewPrefix();
        await using var run = new RabbitMqModelRun(() => rabbitMq.OpenAsync(prefix), seed);
        try
        {
            await run.RunAsync(40);
        }
        catch (Exception e)
        {
            throw Sequences.Failed(seed, run.Story, e);
        }
    }
}
