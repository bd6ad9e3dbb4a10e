namespace FlowChat.Media.Forms;

/// <summary>Knows forms of files by their first bytes.</summary>
internal static class MediaForms
{
    /// <summary>How many bytes tell a form.</summary>
    public const int HeadSize = 64;

    private static readonly MediaForm Mp4 = new(
        "video/mp4",
        "audio/mp4",
        "video/x-m4v",
        "audio/m4a",
        "audio/x-m4a",
        "audio/aac"
    );

    private static readonly MediaForm Zip = new(
        "application/zip",
        "application/x-zip-compressed",
        "application/vnd.openxmlformats-officedocument.",
        "application/vnd.oasis.opendocument.",
        "application/vnd.ms-",
        "application/epub+zip",
        "application/vnd.android.package-archive",
        "application/java-archive"
    );

    // The first that fits counts.
    private static readonly (byte[] Mark, int At, MediaForm Form)[] Marks =
    [
        ([0xFF, 0xD8, 0xFF], 0, new("image/jpeg", "image/jpg", "image/pjpeg")),
        ([0x89, .. "PNG\r\n"u8], 0, new("image/png", "image/apng")),
        ([.. "GIF8"u8], 0, new("image/gif")),
        ([.. "WEBP"u8], 8, new("image/webp")),
        ([.. "WAVE"u8], 8, new("audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave")),
        ([.. "AVI "u8], 8, new("video/x-msvideo", "video/avi")),
        ([.. "ftypqt"u8], 4, new("video/quicktime", "video/mp4")),
        (
            [.. "ftyp3g"u8],
            4,
            new("video/3gpp", "video/3gpp2", "audio/3gpp", "video/mp4", "audio/amr")
        ),
        (
            [.. "ftypM4A"u8],
            4,
            new("audio/mp4", "audio/m4a", "audio/x-m4a", "audio/aac", "video/mp4")
        ),
        ([.. "ftyphei"u8], 4, new("image/heic", "image/heif")),
        ([.. "ftypmif1"u8], 4, new("image/heic", "image/heif", "image/avif")),
        ([.. "ftypavif"u8], 4, new("image/avif")),
        ([.. "ftyp"u8], 4, Mp4),
        ([0x1A, 0x45, 0xDF, 0xA3], 0, new("video/webm", "audio/webm", "video/x-matroska")),
        ([.. "OggS"u8], 0, new("audio/ogg", "audio/opus", "application/ogg", "video/ogg")),
        ([.. "ID3"u8], 0, new("audio/mpeg", "audio/mp3", "audio/aac")),
        ([0xFF, 0xF1], 0, new("audio/aac", "audio/aacp", "audio/x-aac")),
        ([0xFF, 0xF9], 0, new("audio/aac", "audio/aacp", "audio/x-aac")),
        ([0xFF, 0xFB], 0, new("audio/mpeg", "audio/mp3")),
        ([0xFF, 0xFA], 0, new("audio/mpeg", "audio/mp3")),
        ([0xFF, 0xF3], 0, new("audio/mpeg", "audio/mp3")),
        ([0xFF, 0xF2], 0, new("audio/mpeg", "audio/mp3")),
        ([.. "#!AMR"u8], 0, new("audio/amr", "audio/amr-wb", "audio/3gpp")),
        ([.. "fLaC"u8], 0, new("audio/flac", "audio/x-flac")),
        ([.. "%PDF-"u8], 0, new("application/pdf", "application/x-pdf")),
        ([.. "PK\x03\x04"u8], 0, Zip),
        ([.. "PK\x05\x06"u8], 0, Zip),
        // What Office wrote before its files were zips.
        (
            [0xD0, 0xCF, 0x11, 0xE0],
            0,
            new(
                "application/x-ole-storage",
                "application/msword",
                "application/vnd.ms-",
                "application/x-"
            )
        ),
        ([.. "{\\rtf"u8], 0, new("application/rtf", "text/rtf", "application/msword")),
        ([.. "Rar!"u8], 0, new("application/vnd.rar", "application/x-rar-", "application/x-rar")),
        ([.. "7z\xBC\xAF"u8], 0, new("application/x-7z-compressed")),
        ([0x1F, 0x8B], 0, new("application/gzip", "application/x-gzip", "application/x-tar")),
        ([.. "BM"u8], 0, new("image/bmp", "image/x-ms-bmp")),
        ([.. "II*\0"u8], 0, new("image/tiff")),
        ([.. "MM\0*"u8], 0, new("image/tiff")),
        ([.. "\x7FELF"u8], 0, new("application/x-executable", "application/x-")),
        ([.. "MZ"u8], 0, new("application/vnd.microsoft.portable-executable", "application/x-")),
    ];

    /// <returns>Null = a form without a mark, such as text, or one that isn't known here.</returns>
    public static MediaForm? Find(ReadOnlySpan<byte> head)
    {
        foreach (var (mark, at, form) in Marks)
        {
            if (head.Length >= at + mark.Length && head[at..].StartsWith(mark))
            {
                return form;
            }
        }
        return null;
    }

    /// <summary>Whether files of that type begin with a mark that <see cref="Find"/> knows.</summary>
    public static bool HasMark(string type) =>
        type.StartsWith("image/", StringComparison.Ordinal)
            && !type.Contains("svg", StringComparison.Ordinal)
        || type.StartsWith("video/", StringComparison.Ordinal)
        || type.StartsWith("audio/", StringComparison.Ordinal)
        || type is "application/pdf" or "application/zip"
        || type.StartsWith("application/vnd.openxmlformats", StringComparison.Ordinal);
}
