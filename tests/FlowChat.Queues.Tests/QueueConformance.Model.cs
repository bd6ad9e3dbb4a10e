namespace FlowChat.Queues.Tests;

public abstract partial class QueueConformance
{
    /// <summary>How many random sequences a run tries; where calls are quick, many.</summary>
    protected virtual int Sequences => 60;

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(2, null, null)]
    [InlineData(null, 3, null)]
    [InlineData(null, null, 2)]
    [InlineData(2, 4, 3)]
    public Task Random_sequences_answer_as_the_model_does(
        int? keyConcurrency,
        int? rate,
        int? keyRate
    ) =>
        Model.Sequences.PlayAsync(
            Sequences / 5,
            o =>
            {
                o.KeyConcurrency = keyConcurrency;
                (o.Rate, o.RatePeriod) = (rate, TimeSpan.FromMinutes(4));
                (o.KeyRate, o.KeyRatePeriod) = (keyRate, TimeSpan.FromMinutes(7));
                o.Partitions = PartitionsOf(o);
            },
            CreateStoreAsync
        );
}
