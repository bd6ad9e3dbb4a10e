using System.Text;
using FlowChat.Queues.Redis;

namespace FlowChat.Queues.Tests.Model;

/// <summary>Calls whose replies are lost, and which are therefore repeated.</summary>
internal sealed partial class ModelRun
{
    /// <summary>What loses replies. Null: they come, and the call is repeated all the same.</summary>
    public LossyStore? Lossy { get; init; }

    /// <param name="expected">The first answer.</param>
    /// <param name="repeated">The answer when it was carried out before.</param>
    /// <param name="call">The call.</param>
    /// <param name="job">One whose id is part of the call.</param>
    private Task AnswersAsync<T>(T expected, T repeated, Func<Task<T>> call, Guid job) =>
        AnswersAsync(expected, repeated, call, job.ToByteArray(bigEndian: true));

    /// <param name="expected">The first answer.</param>
    /// <param name="repeated">The answer when it was carried out before.</param>
    /// <param name="call">The call.</param>
    /// <param name="part">Of the call's bytes.</param>
    private async Task AnswersAsync<T>(T expected, T repeated, Func<Task<T>> call, byte[] part)
    {
        var lose = random.Next(4) == 0;
        if (lose && Lossy is not null)
        {
            var port = await LoseReplyAsync(call, part);
            // The connection may have gone before the server had all of the call.
            var answer = await UntilThereAsync(call);
            await Lossy.EndAsync(port);
            Assert.Contains(answer, new[] { expected, repeated });
            return;
        }
        Assert.Equal(expected, await call());
        if (lose)
            Assert.Equal(repeated, await call());
    }

    /// <summary>
    /// What was given out in a reply that is lost nobody knows. All of it comes back, with all else that is held, once the
    /// leases have passed.
    /// </summary>
    /// <param name="claim">Claims or takes over, by the name that it is given.</param>
    private async Task LoseClaimAsync(Func<string, Task<IReadOnlyList<ClaimedJob>>> claim)
    {
        var worker = $"lost-{random.Next()}";
        var port = await LoseReplyAsync(() => claim(worker), Encoding.UTF8.GetBytes(worker));
        await Lossy!.EndAsync(port);
        await bed.Store.AdvanceAsync(bed.Options.Lease, bed.Options.Name);
        // Who called learns of the broken connection a moment after it broke.
        var taken = await UntilThereAsync(async () =>
            await bed.Backend.MaintainAsync(bed.Options, "rescuer", 100, Ct)
        );
        var known = model.CountOf(ModelState.Leased);
        foreach (var job in taken)
            if (model.Find(job.Lease.JobId) is not { State: ModelState.Leased })
                Claim(job);
        Tell($"its leases pass: {taken.Count} come back, {taken.Count - known} of them lost");
        model.Advance((int)bed.Options.Lease.TotalMinutes);
        TakeOver(taken);
    }

    // What of a lease goes over the wire in a renewal.
    private static byte[] PartOf(JobLease lease) =>
        lease.Receipt is RedisClaim claim
            ? claim.Entry.Id.ToArray()
            : lease.JobId.ToByteArray(bigEndian: true);

    /// <returns>The port of the connection that broke.</returns>
    private async Task<int> LoseReplyAsync<T>(Func<Task<T>> call, byte[] part)
    {
        var lost = Lossy!.Network.LoseReplyToAsync(part);
        await Assert.ThrowsAsync<QueueUnavailableException>(call);
        Tell($"its reply is lost: {lost.Status}");
        return await lost.WaitAsync(QueueBed.Soon, Ct);
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
