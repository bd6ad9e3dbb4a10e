using FlowChat.Messages;

namespace FlowChat.Media.Forms;

/// <summary>What a file is, by its bytes and by what was said of it.</summary>
/// <param name="MimeType">As it is served.</param>
/// <param name="IsAsSaid">Whether the bytes fit what was said.</param>
internal readonly record struct MediaType(string MimeType, bool IsAsSaid)
{
    public const string Unknown = "application/octet-stream";

    // What a browser shows without running anything of it.
    private static readonly HashSet<string> Harmless = new(StringComparer.Ordinal)
    {
        "image/jpeg",
        "image/png",
        "image/gif",
        "image/webp",
        "video/mp4",
        "video/3gpp",
        "video/quicktime",
        "video/webm",
        "audio/mp4",
        "audio/mpeg",
        "audio/ogg",
        "audio/opus",
        "audio/amr",
        "audio/aac",
        "audio/wav",
        "audio/webm",
        "audio/flac",
    };

    /// <param name="said">By its sender.</param>
    /// <param name="head">Its first <see cref="MediaForms.HeadSize"/> bytes.</param>
    public static MediaType Judge(string said, ReadOnlySpan<byte> head)
    {
        var name = NameOf(said);
        var form = MediaForms.Find(head);
        if (form is null)
        {
            return MediaForms.HasMark(name) ? new(Unknown, false) : new(Storable(name, said), true);
        }
        if (form.IsCalled(name))
        {
            return new(Storable(name, said), true);
        }
        if (name is Unknown or "" or "binary/octet-stream")
        {
            return new(form.MimeType, true);
        }
        // Who says PNG of a JPEG is mistaken; who says it of a program is not.
        return Harmless.Contains(form.MimeType) && GroupOf(name) == GroupOf(form.MimeType)
            ? new(form.MimeType, true)
            : new(Unknown, false);
    }

    /// <summary>Whether a page may show it in its place; everything else is only ever saved.</summary>
    public static bool ShowsInPlace(string type) => Harmless.Contains(NameOf(type));

    /// <summary>What WhatsApp sends such a file as.</summary>
    public static string KindOf(string type) =>
        NameOf(type) switch
        {
            "image/jpeg" or "image/png" or "image/webp" or "image/gif" => MessageType.Image,
            "video/mp4" or "video/3gpp" or "video/quicktime" => MessageType.Video,
            "audio/mpeg" or "audio/mp4" or "audio/aac" or "audio/amr" or "audio/ogg" =>
                MessageType.Audio,
            _ => MessageType.Document,
        };

    public static string NameOf(string type)
    {
        var end = type.IndexOf(';', StringComparison.Ordinal);
        return (end < 0 ? type : type[..end]).Trim().ToLowerInvariant();
    }

    // It becomes a header: what isn't one is worth nothing.
    private static string Storable(string name, string said) =>
        name.Length is 0 or > 100
        || !name.Contains('/', StringComparison.Ordinal)
        || said.Length > 150
        || !said.All(c => c is >= ' ' and <= '~' and not ',')
            ? Unknown
            : said.Trim();

    private static string GroupOf(string name) => name.Split('/')[0];
}
