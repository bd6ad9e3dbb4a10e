using FlowChat.Storage;

namespace FlowChat.Pictures;

/// <summary>A group has this picture, or none.</summary>
/// <param name="jid">Which.</param>
/// <param name="picture">Its bytes are in the store.</param>
/// <param name="source">Where it came from; see <see cref="PictureSource"/>.</param>
/// <returns>The hash of bytes that it took away the reason for; null = none.</returns>
internal sealed class ShowGroupPicture(string jid, StoredPicture? picture, string source)
    : TenantChange<string?>
{
    public override void Declare(WorkKeys keys) => keys.GroupJids.Add(jid);

    public override string? Apply(Workspace work)
    {
        var group = work.Groups.FindOrAdd(jid);
        var before = group.Picture;
        (group.Picture, group.PictureSource) = (picture, source);
        work.Groups.Touch(group);
        if (picture == before)
        {
            return null;
        }
        work.Groups.Change(group);
        foreach (var conversation in work.Conversations.Of(group))
        {
            work.ConversationUpdated(conversation);
        }
        return before?.Sha256 == picture?.Sha256 ? null : before?.Sha256;
    }
}
