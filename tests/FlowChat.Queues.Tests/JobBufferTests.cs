namespace FlowChat.Queues.Tests;

public sealed class JobBufferTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_handler_that_ends_between_the_look_and_the_wait_is_not_waited_for()
    {
        var buffer = new JobBuffer(
            new QueueOptions { Concurrency = 1, MaxPrefetch = 0 },
            TimeProvider.System
        );
        buffer.Add([Job()]);
        buffer.Take();
        Assert.Equal(0, buffer.Room);

        Assert.Null(buffer.Take());
        var wait = buffer.WaitAsync(TimeSpan.FromHours(1), Ct);

        Assert.True(wait.IsCompleted);
        Assert.Equal(1, buffer.Room);
        Assert.Empty(await wait);
    }

    private static RunningJob Job() =>
        new(
            new ClaimedJob
            {
                Lease = new JobLease(
                    default,
                    Guid.CreateVersion7(),
                    "work",
                    null,
                    Guid.CreateVersion7(),
                    1
                ),
                Payload = default,
            },
            0
        );
}
