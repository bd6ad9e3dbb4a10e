using FlowChat.Storage;

namespace FlowChat.Pictures;

/// <summary>Somebody has this picture, or none; none is believed of whoever had one when it is said again.</summary>
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
    private static readonly TimeSpan Doubt = TimeSpan.FromDays(1);

    public override void Declare(WorkKeys keys) => keys.Contacts.Add(contactId);

    public override string? Apply(Workspace work)
    {
        if (work.Contacts.FindById(contactId) is not { } contact)
        {
            // Joined with another one meanwhile, who is asked for when they write.
            return picture?.Sha256;
        }
        if (picture is null && contact.PictureSource is { Length: > 0 })
        {
            // Also said where WhatsApp didn't answer: what is shown stays until it is said again.
            contact.PictureSource = PictureSource.None;
            contact.PictureDueAt = work.Now + Doubt;
            work.Contacts.Touch(contact);
            return null;
        }
        var before = contact.Picture;
        contact.Picture = picture;
        // What an event told last stays: a gateway that tells it otherwise here would be asked at each event.
        contact.PictureSource = contact.PictureSource is { Length: > 0 } told ? told : source;
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
