namespace FlowChat.Messages.Content;

/// <summary>Of <see cref="MessageType.Call"/>.</summary>
/// <param name="IsVideo">Else it is a voice call.</param>
/// <param name="Outcome">See <see cref="CallOutcome"/>.</param>
public sealed record CallContent(bool IsVideo, string Outcome);

/// <summary>What became of a call. It moves on only, in whatever order its events come.</summary>
internal static class CallOutcome
{
    public const string Ringing = "ringing";
    public const string Missed = "missed";
    public const string Rejected = "rejected";
    public const string Accepted = "accepted";

    private static readonly string[] Order = [Ringing, Missed, Rejected, Accepted];

    public static bool Advances(string from, string to) =>
        Array.IndexOf(Order, to) > Array.IndexOf(Order, from);
}
