using FlowChat.Storage;

namespace FlowChat.Pictures;

/// <summary>Somebody has this picture, or none.</summary>
/// <param name="contactId">Who.</param>
/// <param name="picture">Its bytes are in the store.</param>
/// <param name="source">See <see cref="PictureSource"/>.</param>
/// <param name="dueAt">When it is asked for again.</param>
/// <returns>The hash of bytes that it took away the reason for; null = none.</returns>
internal sealed class ShowContactPicture(
    Guid contactId,
    StoredPicture? picture,
    string source,
    DateTimeOffset dueAt
) : TenantChange<string?>
{
    public override void Declare(WorkKeys keys) => keys.Contacts.Add(contactId);

    public override string? Apply(Workspace work)
    {
        if (work.Contacts.FindById(contactId) is not { } contact)
        {
            // Joined with another one meanwhile, who is asked for when they write.
            return picture?.Sha256;
        }
        var before = contact.Picture;
        contact.Picture = picture;
        // What an event told last stays: a gateway that tells it otherwise here would be asked at each event.
        contact.PictureSource ??= source;
        contact.PictureDueAt = dueAt;
        if (picture == before)
        {
            work.Contacts.Touch(contact);
            return null;
        }
        work.ContactUpdated(contact);
        return before?.Sha256 == picture?.Sha256 ? null : before?.Sha256;
    }
}
