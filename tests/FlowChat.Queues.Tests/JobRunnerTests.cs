using Microsoft.Extensions.Logging.Abstractions;

namespace FlowChat.Queues.Tests;

public sealed class JobRunnerTests
{
    private static readonly QueueOptions Queue = new()
    {
        Name = "work",
        MaxAttempts = 5,
        RetryDelay = TimeSpan.FromSeconds(2),
        MaxRetryDelay = TimeSpan.FromSeconds(10),
        RetryJitter = 0,
    };

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(3, 8)]
    [InlineData(4, 10)]
    public async Task What_throws_is_tried_again_after_the_back_off_of_its_attempt(
        int attempt,
        int seconds
    )
    {
        var outcome = await FailAsync(attempt);

        Assert.Equal(
            (JobOutcomeKind.Retry, TimeSpan.FromSeconds(seconds)),
            (outcome.Kind, outcome.Delay)
        );
        Assert.Equal("InvalidOperationException: broken", outcome.Reason);
    }

    [Fact]
    public async Task What_throws_at_its_last_attempt_is_dead() =>
        Assert.Equal(JobOutcomeKind.Dead, (await FailAsync(5)).Kind);

    private static async Task<JobOutcome> FailAsync(int attempt)
    {
        using var metrics = new QueueMetrics();
        var runner = new JobRunner(
            Queue,
            (_, _, _) => throw new InvalidOperationException("broken"),
            TimeProvider.System,
            metrics,
            NullLogger.Instance
        );
        var lease = new JobLease(
            default,
            Guid.CreateVersion7(),
            "work",
            null,
            Guid.CreateVersion7(),
            attempt
        );
        var job = new RunningJob(new ClaimedJob { Lease = lease, Payload = default }, 0);
        return (await runner.RunAsync(job))!;
    }
}
