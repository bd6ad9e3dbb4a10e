using FlowChat.Gateways.Cloud;
using FlowChat.Pictures;

namespace FlowChat.Contacts;

/// <summary>A person, under all the addresses that WhatsApp uses for them.</summary>
internal sealed class Contact
{
    // To write it down with each message would cost as much as the message.
    private static readonly TimeSpan HeardEvery = TimeSpan.FromMinutes(1);

    public required Guid Id { get; init; }
    public string? Name { get; set; }
    public string NameSource { get; init; } = "phone";
    public StoredPicture? Picture { get; set; }

    /// <summary>See <see cref="Pictures.PictureSource"/>; null while nobody told of one.</summary>
    public string? PictureSource { get; set; }

    /// <summary>When the picture is asked for again; null while it never was.</summary>
    public DateTimeOffset? PictureDueAt { get; set; }
    public long Version { get; set; } = 1;
    public bool IsNew { get; init; }

    /// <summary>In the order of <see cref="ContactPhone"/>.</summary>
    public List<Identity> Identities { get; } = [];

    /// <summary>When they last wrote from their first number, within a minute; null = it isn't known.</summary>
    public DateTimeOffset? HeardAt { get; set; }

    public string? Phone => Find(IdentityKind.Phone) is { } digits ? "+" + digits : null;

    /// <summary>Where a gateway sends to: the phone's JID where it is known, because 2.3 gateways drop some calls to a LID.</summary>
    public string Jid =>
        FindJid(takesLid: true)
        ?? throw new InvalidOperationException($"Contact {Id} has no address.");

    /// <returns>Null = none that this gateway sends to: Meta would take a LID's digits for somebody's number.</returns>
    public string? JidFor(string gateway) => FindJid(gateway != CloudGateway.GatewayName);

    /// <summary>They wrote from one of their numbers. Both spellings of a <see cref="BrazilianLine"/> are one.</summary>
    /// <returns>The number to note the time with; null = there is nothing to note.</returns>
    public Identity? NewsOf(Identity phone, DateTimeOffset at)
    {
        var heard = Identities.Find(one => one.IsSameLine(phone));
        var first = Identities.Find(one => one.Kind == IdentityKind.Phone);
        return heard == default || at <= HeardAt + (heard == first ? HeardEvery : TimeSpan.Zero)
            ? null
            : heard;
    }

    public void Hear(Identity phone, DateTimeOffset at)
    {
        Identities.Remove(phone);
        Identities.Insert(0, phone);
        HeardAt = at;
    }

    /// <summary>A number is no name, and what an agent called them stays.</summary>
    /// <returns>Whether it is another one.</returns>
    public bool TakeName(string? name)
    {
        if (
            NameSource == "agent"
            || string.IsNullOrWhiteSpace(name)
            || name == Name
            || name.All(c => char.IsAsciiDigit(c) || c is '+' or ' ' or '-')
        )
        {
            return false;
        }
        Name = name;
        return true;
    }

    /// <summary>Two LIDs are two accounts, and so are two business-scoped ids: a number that both had went from one person to another.</summary>
    public bool CanBe(Contact other) =>
        !BothHave(IdentityKind.Lid, other) && !BothHave(IdentityKind.Bsuid, other);

    /// <summary>Found by one of the addresses that somebody was told with, and known to be another: a number passes on, a LID doesn't.</summary>
    public bool IsAnother(Identity foundBy, IEnumerable<Identity> told) =>
        told.Any(one =>
            IdentityKind.IsAccount(one.Kind)
            && IdentityKind.Rank(one.Kind) < IdentityKind.Rank(foundBy.Kind)
            && Find(one.Kind) is not null
            && !Identities.Contains(one)
        );

    public ContactView ToView() =>
        new(Id, Name, Phone, StoredPicture.AddressOfContact(Id, Picture?.Sha256), Version);

    private bool BothHave(string kind, Contact other) =>
        Find(kind) is not null && other.Find(kind) is not null;

    private string? FindJid(bool takesLid) =>
        Find(IdentityKind.Phone) is { } digits ? digits + "@s.whatsapp.net"
        : takesLid && Find(IdentityKind.Lid) is { } lid ? lid + "@lid"
        : Find(IdentityKind.Bsuid);

    private string? Find(string kind) => Identities.Find(identity => identity.Kind == kind).Value;
}

/// <summary>One address of a contact: unique in its tenant.</summary>
internal readonly record struct Identity(string Kind, string Value)
{
    /// <summary>Whether both are phones, and one line's.</summary>
    public bool IsSameLine(Identity other) =>
        Kind == IdentityKind.Phone
        && other.Kind == IdentityKind.Phone
        && (BrazilianLine.Of(Value) ?? Value) == (BrazilianLine.Of(other.Value) ?? other.Value);
}

internal static class IdentityKind
{
    public const string Phone = "phone";
    public const string Lid = "lid";

    /// <summary>What WhatsApp calls a person to one business, also where the phone is hidden: "BR.1502…".</summary>
    public const string Bsuid = "bsuid";

    /// <summary>See <see cref="BrazilianLine"/>. It is found by, and never sent to.</summary>
    public const string Line = "line";

    /// <summary>What tells best who somebody is comes first.</summary>
    public static int Rank(string kind) =>
        kind switch
        {
            Lid => 0,
            Bsuid => 1,
            Phone => 2,
            _ => 3,
        };

    /// <summary>It is one person's for good.</summary>
    public static bool IsAccount(string kind) => kind is Lid or Bsuid;
}

/// <param name="Id">Its id.</param>
/// <param name="Name">What they call themself, or an agent called them.</param>
/// <param name="Phone">With a plus; null where it is hidden.</param>
/// <param name="Picture">Its address here: another one for another picture.</param>
/// <param name="Version">Grows with each change.</param>
public sealed record ContactView(
    Guid Id,
    string? Name,
    string? Phone,
    string? Picture,
    long Version
);
