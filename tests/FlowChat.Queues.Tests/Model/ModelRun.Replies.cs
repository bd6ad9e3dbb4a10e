using FlowChat.Testing.Servers;

namespace FlowChat.Queues.Tests.Model;

/// <summary>Calls whose replies are lost, and which are therefore repeated.</summary>
internal sealed partial class ModelRun
{
    /// <summary>What loses replies. Null: they come, and the call is repeated all the same.</summary>
    public FaultProxy? Network { get; init; }

    /// <param name="expected">The first answer.</param>
    /// <param name="repeated">The answer when it was carried out before.</param>
    /// <param name="call">The call.</param>
    /// <param name="job">One whose id is part of the call.</param>
    private async Task AnswersAsync<T>(T expected, T repeated, Func<Task<T>> call, Guid job)
    {
        var lose = random.Next(4) == 0;
        if (lose && Network is not null)
        {
            await LoseReplyAsync(call, job);
            // The connection may have gone before the server had all of the call.
            var answer = await UntilThereAsync(call);
            Assert.Contains(answer, new[] { expected, repeated });
            return;
        }
        Assert.Equal(expected, await call());
        if (lose)
            Assert.Equal(repeated, await call());
    }

    private async Task LoseReplyAsync<T>(Func<Task<T>> call, Guid job)
    {
        var lost = Network!.LoseReplyToAsync(job.ToByteArray(bigEndian: true));
        await Assert.ThrowsAsync<QueueUnavailableException>(call);
        Tell($"its reply is lost: {lost.Status}");
        await lost.WaitAsync(QueueBed.Soon, Ct);
    }

    private static async Task<T> UntilThereAsync<T>(Func<Task<T>> call)
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
