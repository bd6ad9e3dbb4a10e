using System.Diagnostics.CodeAnalysis;

namespace FlowChat.Queues;

/// <summary>A claimed job from its claim until its settle is answered.</summary>
[SuppressMessage(
    "Design",
    "CA1001",
    Justification = "The token source has no timer, and who cancels must not race with a disposal."
)]
internal sealed class RunningJob(ClaimedJob claim, long claimedAt)
{
    private readonly CancellationTokenSource cancellation = new();

    public ClaimedJob Claim { get; } = claim;

    public JobLease Lease => Claim.Lease;

    /// <summary>The timestamp since which the lease counts, at the earliest. Written by the lease keeper alone.</summary>
    public long HeldSince { get; set; } = claimedAt;

    public bool IsLost { get; private set; }

    public CancellationToken Cancelled => cancellation.Token;

    public void Lose()
    {
        IsLost = true;
        Interrupt();
    }

    // What handlers hang on their token runs elsewhere: it may take long, or throw, and other jobs must not suffer.
    public void Interrupt() => _ = cancellation.CancelAsync();
}
