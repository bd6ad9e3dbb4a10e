namespace FlowChat.Queues.Tests;

public sealed class QueueRegistryTests
{
    private readonly QueueRegistry registry = new();

    [Fact]
    public void Options_out_of_range_are_refused_with_all_their_errors()
    {
        var queue = new QueueOptions
        {
            Name = "no spaces",
            MaxAttempts = 0,
            Lease = TimeSpan.Zero,
            KeyConcurrency = 0,
            KeyRate = 0,
            KeyRatePeriod = TimeSpan.FromDays(2),
            Rate = 10_001,
            RatePeriod = TimeSpan.Zero,
        };

        var refusal = Assert.Throws<ArgumentException>(() => registry.Add(queue)).Message;

        Assert.All(
            [
                "Name",
                "MaxAttempts",
                "Lease",
                "KeyConcurrency",
                "KeyRate",
                "KeyRatePeriod",
                "Rate",
                "RatePeriod",
            ],
            option => Assert.Contains(option, refusal)
        );
    }

    [Fact]
    public void A_name_is_taken_once()
    {
        registry.Add(new QueueOptions { Name = "work" });
        Assert.Throws<ArgumentException>(() => registry.Add(new QueueOptions { Name = "work" }));
    }

    [Theory]
    [InlineData("limited", null)]
    [InlineData("rated", null)]
    [InlineData("free", "key")]
    [InlineData("unknown", null)]
    public void A_job_that_does_not_fit_its_queue_is_refused(string queue, string? key)
    {
        registry.Add(new QueueOptions { Name = "limited", KeyConcurrency = 1 });
        registry.Add(new QueueOptions { Name = "rated", KeyRate = 1 });
        registry.Add(new QueueOptions { Name = "free" });
        var job = new Job
        {
            Queue = queue,
            Payload = "{}"u8.ToArray(),
            LimitKey = key,
        };
        Assert.Throws<ArgumentException>(() => registry.Check([job]));
    }
}
