using FlowChat.Storage;

namespace FlowChat.Inbound;

/// <summary>What a search found of a number's messages, and how many of those that had to come by webhook did.</summary>
/// <param name="from">Since when webhooks should have come.</param>
/// <param name="until">Those of what was written later may still be under way.</param>
internal sealed class FillTally(DateTimeOffset from, DateTimeOffset until)
{
    private int _missing;
    private int _told;
    private int _untold;

    public int Missing => _missing;

    /// <summary>There were messages, and no webhook told one of them.</summary>
    public bool IsSilent => _untold > 0 && _told == 0;

    public void Count(TenantChange<Received> change, Received received)
    {
        var isMissing = received == Received.Accepted;
        if (isMissing)
        {
            Interlocked.Increment(ref _missing);
        }
        // What was sent from here is here without a webhook.
        if (
            change is ReceiveMessage { Message: { FromMe: false } message }
            && message.SentAt >= from
            && message.SentAt < until
        )
        {
            Interlocked.Increment(ref (isMissing ? ref _untold : ref _told));
        }
    }
}
