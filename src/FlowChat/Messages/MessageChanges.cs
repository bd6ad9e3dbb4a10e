using System.Text.Json;
using System.Text.Json.Nodes;
using FlowChat.Json;
using FlowChat.Messages.Content;

namespace FlowChat.Messages;

/// <summary>
/// What people do to a message afterwards. Gateways tell it in any order and more than once: the times that WhatsApp gave
/// decide, so that all orders end alike.
/// </summary>
internal static class MessageChanges
{
    public static bool React(this Message message, MessageReaction reaction)
    {
        var earlier = message.Reactions.FirstOrDefault(r => IsSame(r.By, reaction.By));
        if (earlier is not null && IsEcho(earlier, reaction))
        {
            // Of an agent's the gateway tells, too, by its own clock: it stays the agent's.
            if (earlier.By.Kind == SenderKind.User)
            {
                return false;
            }
            reaction = reaction with { At = reaction.At > earlier.At ? reaction.At : earlier.At };
        }
        else if (
            earlier is not null
            && !IsLater((reaction.At, reaction.Emoji), (earlier.At, earlier.Emoji))
        )
        {
            return false;
        }
        message.Reactions =
        [
            .. message
                .Reactions.Where(r => r != earlier)
                .Append(reaction)
                .OrderBy(r => r.At)
                .ThenBy(r => r.By.Id),
        ];
        return true;
    }

    /// <summary>
    /// What it said before stays readable. An edit that comes late is put in its place among the others. One that changes no
    /// word is kept too: another that comes between the two may.
    /// </summary>
    public static bool Edit(this Message message, string? text, DateTimeOffset at)
    {
        if (at == message.EditedAt || message.Edits.Any(edit => edit.At == at))
        {
            return false;
        }
        if (message.EditedAt is not { } last || at > last)
        {
            message.Edits = [.. message.Edits, new(message.Text, at)];
            (message.Text, message.EditedAt) = (text, at);
            return true;
        }
        // Each entry says what stood until its time: the late one stood from its own time to the next.
        var next = message.Edits.Count(edit => edit.At < at);
        var edits = message.Edits.ToList();
        edits.Insert(next, new(edits[next].Text, at));
        edits[next + 1] = edits[next + 1] with { Text = text };
        message.Edits = edits;
        return true;
    }

    public static bool Delete(this Message message, DateTimeOffset at)
    {
        if (message.DeletedAt is not null)
        {
            return false;
        }
        message.DeletedAt = at;
        return true;
    }

    public static bool Vote(this Message message, PollVote vote)
    {
        if (message.Type != MessageType.Poll || message.Content is null)
        {
            return false;
        }
        var poll = JsonSerializer.Deserialize<PollContent>(message.Content, FlowChatJson.Options)!;
        var earlier = poll.Votes.FirstOrDefault(v => IsSame(v.By, vote.By));
        if (
            earlier is not null
            && !IsLater(
                (vote.At, string.Join('\n', vote.Options)),
                (earlier.At, string.Join('\n', earlier.Options))
            )
        )
        {
            return false;
        }
        var votes = poll.Votes.Where(v => v != earlier).Append(vote).OrderBy(v => v.At);
        // Where the poll comes from stands beside what the type itself says, and stays.
        var fields = JsonNode.Parse(message.Content)!.AsObject();
        fields["votes"] = JsonSerializer.SerializeToNode(
            votes.ThenBy(v => v.By.Id),
            FlowChatJson.Options
        );
        message.Content = fields.ToJsonString(FlowChatJson.Options);
        return true;
    }

    /// <summary>Whether somebody's choice of this time, or a later one, is counted.</summary>
    /// <param name="message">The poll.</param>
    /// <param name="contactId">Null = the team's.</param>
    /// <param name="at">WhatsApp's time of the vote.</param>
    public static bool HasVoteOf(this Message message, Guid? contactId, DateTimeOffset at) =>
        message is { Type: MessageType.Poll, Content: not null }
        && JsonSerializer
            .Deserialize<PollContent>(message.Content, FlowChatJson.Options)!
            .Votes.Any(vote =>
                vote.At >= at
                && (
                    vote.By.Kind == SenderKind.Contact ? vote.By.Id == contactId : contactId is null
                )
            );

    private static bool IsEcho(MessageReaction one, MessageReaction other) =>
        one.Emoji == other.Emoji
        && (one.By.Kind, other.By.Kind)
            is
                (SenderKind.User, SenderKind.Phone)
                or
                (SenderKind.Phone, SenderKind.User);

    // The team reacts as one: WhatsApp knows one reaction of the number, whoever of us gave it.
    private static bool IsSame(MessageSender one, MessageSender other) =>
        one.Kind == SenderKind.Contact
            ? other.Kind == SenderKind.Contact
                && (
                    one.Id is null ? other.Id is null && one.Name == other.Name : one.Id == other.Id
                )
            : other.Kind != SenderKind.Contact;

    // Within one moment the text decides, so that all nodes decide alike.
    private static bool IsLater((DateTimeOffset, string) one, (DateTimeOffset, string) other) =>
        one.Item1 != other.Item1
            ? one.Item1 > other.Item1
            : string.CompareOrdinal(one.Item2, other.Item2) > 0;
}
