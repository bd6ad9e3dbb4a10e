namespace FlowChat.Messages;

/// <summary>The states of a message. See docs/flow.md for the ways between them.</summary>
internal static class MessageStatus
{
    public const string Received = "received";
    public const string Queued = "queued";
    public const string Sending = "sending";
    public const string Sent = "sent";
    public const string Delivered = "delivered";
    public const string Read = "read";
    public const string Played = "played";
    public const string Failed = "failed";
    public const string Unknown = "unknown";

    /// <summary>Whether a receipt moves a message forward. Receipts come in any order and more than once.</summary>
    public static bool Advances(string current, string receipt) => Rank(receipt) > Rank(current);

    /// <summary>The later of two receipts that wait for their message.</summary>
    public static string Later(string one, string other) => Advances(one, other) ? other : one;

    private static int Rank(string status) =>
        status switch
        {
            Sent => 1,
            // WhatsApp's own error: it ends what the server had taken, but nothing that has arrived on a phone fails afterwards.
            Failed => 2,
            Delivered => 3,
            Read => 4,
            Played => 5,
            _ => 0,
        };
}
