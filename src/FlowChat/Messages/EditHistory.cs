namespace FlowChat.Messages;

/// <summary>What a reader sees of a message's edits: an agent's is told twice, by us and by the gateway, with two times.</summary>
internal static class EditHistory
{
    /// <returns>The edits that changed a word, and when the last of them was.</returns>
    public static (IReadOnlyList<MessageEdit> Edits, DateTimeOffset? EditedAt) Shown(
        Message message
    )
    {
        if (message.Edits.Count == 0)
        {
            return ([], message.EditedAt);
        }
        var shown = new List<MessageEdit>(message.Edits.Count);
        for (var n = 0; n < message.Edits.Count; n++)
        {
            var next = n + 1 < message.Edits.Count ? message.Edits[n + 1].Text : message.Text;
            if (message.Edits[n].Text != next)
            {
                shown.Add(message.Edits[n]);
            }
        }
        return (shown, shown.Count > 0 ? shown[^1].At : null);
    }
}
