namespace FlowChat.Messages.Content;

/// <summary>Of <see cref="MessageType.Call"/>.</summary>
/// <param name="IsVideo">Else it is a voice call.</param>
/// <param name="Outcome">ringing, missed, rejected, accepted or ended.</param>
public sealed record CallContent(bool IsVideo, string Outcome);
