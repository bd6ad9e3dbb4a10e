using FlowChat.Pictures;

namespace FlowChat.Groups;

internal sealed class Group
{
    public required Guid Id { get; init; }
    public required string Jid { get; init; }
    public string? Name { get; set; }
    public string? Description { get; set; }
    public Guid? OwnerId { get; set; }
    public StoredPicture? Picture { get; set; }

    /// <summary>Where the picture came from; see <see cref="Pictures.PictureSource"/>.</summary>
    public string? PictureSource { get; set; }

    /// <summary>As of when a gateway told all of it; null while none did.</summary>
    public DateTimeOffset? FetchedAt { get; set; }

    /// <summary>When a gateway last answered for it, also that it knows nothing of it.</summary>
    public DateTimeOffset? AskedAt { get; set; }

    /// <summary>WhatsApp's time of the name, in seconds.</summary>
    public long? NamedAt { get; set; }

    /// <summary>When the last of the changes of its members happened that were told one by one.</summary>
    public DateTimeOffset? ChangedAt { get; set; }

    /// <summary>When a webhook last told of its members, by our clock.</summary>
    public DateTimeOffset? ToldAt { get; set; }

    /// <summary>Grows with each change that GET /api/groups/{id} shows.</summary>
    public long Version { get; set; } = 1;
    public bool IsNew { get; init; }

    /// <summary>Loaded where a change of the batch asks for them.</summary>
    public Dictionary<Guid, bool> Admins { get; } = [];

    public GroupView ToView() =>
        new(Id, Jid, Name, StoredPicture.AddressOfGroup(Id, Picture?.Sha256), Version);
}

/// <param name="Id">Its id.</param>
/// <param name="Jid">WhatsApp's name for it.</param>
/// <param name="Name">Null = WhatsApp didn't tell yet.</param>
/// <param name="Picture">Its address here: another one for another picture.</param>
/// <param name="Version">Grows with each change, also of who is in it: then GET /api/groups/{id} tells more.</param>
public sealed record GroupView(Guid Id, string Jid, string? Name, string? Picture, long Version);
