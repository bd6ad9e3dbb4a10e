namespace FlowChat.Queues.Tests.Model;

/// <summary>Calls whose replies are lost, and which are therefore repeated.</summary>
internal sealed partial class ModelRun
{
    /// <summary>Loses the reply to the next call with the job's id in it. Null: replies are dropped here.</summary>
    public Func<Guid, Task>? LoseReplyTo { get; init; }

    /// <summary>Calls once or, when the reply is lost, until there is one; then nothing is done twice.</summary>
    /// <param name="expected">The first answer.</param>
    /// <param name="repeated">The answer to a call that was carried out before.</param>
    /// <param name="call">The call.</param>
    /// <param name="marker">A job's id that is part of the call.</param>
    private async Task AnswersAsync<T>(T expected, T repeated, Func<Task<T>> call, Guid marker)
    {
        var lose = random.Next(4) == 0;
        if (!lose || LoseReplyTo is null)
        {
            Assert.Equal(expected, await call());
            if (lose)
                Assert.Equal(repeated, await call());
            return;
        }
        Tell("the reply is lost");
        var lost = LoseReplyTo(marker);
        try
        {
            // Not every call has the id in it.
            Assert.Equal(expected, await call());
        }
        catch (QueueUnavailableException)
        {
            Assert.True(lost.IsCompleted);
            var answer = await CallAgainAsync(call);
            // The connection may have gone before the server had all of the call.
            Assert.Contains(answer, new[] { expected, repeated });
        }
    }

    private static async Task<T> CallAgainAsync<T>(Func<Task<T>> call)
    {
        while (true)
            try
            {
                return await call();
            }
            catch (QueueUnavailableException)
            {
                await Task.Yield();
            }
    }
}
