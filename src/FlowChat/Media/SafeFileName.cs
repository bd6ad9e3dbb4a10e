using System.Globalization;
using FlowChat.Media.Forms;
using FlowChat.Messages;

namespace FlowChat.Media;

/// <summary>The name under which somebody saves an attachment: what its sender called it, without what harms.</summary>
internal static class SafeFileName
{
    private const int MostCharacters = 120;
    private const string Refused = "\\/:*?\"<>|";

    public static string Of(AttachmentView attachment)
    {
        var name = string.Concat((attachment.FileName ?? "").Where(IsHarmless)).Trim(' ', '.');
        if (name.Length > MostCharacters)
        {
            var ending = Path.GetExtension(name);
            ending = ending.Length <= 10 ? ending : "";
            name = name[..(MostCharacters - ending.Length)].TrimEnd('\uD800') + ending;
        }
        return name.Length > 0 ? name : attachment.Kind + EndingOf(attachment.MimeType);
    }

    // Marks that turn the direction of writing make "gpj.exe" of "exe.jpg".
    private static bool IsHarmless(char c) =>
        !Refused.Contains(c, StringComparison.Ordinal)
        && char.GetUnicodeCategory(c)
            is not (
                UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
            );

    private static string EndingOf(string type) =>
        MediaType.NameOf(type) switch
        {
            "image/jpeg" => ".jpg",
            "image/png" => ".png",
            "image/gif" => ".gif",
            "image/webp" => ".webp",
            "video/mp4" => ".mp4",
            "video/3gpp" => ".3gp",
            "video/quicktime" => ".mov",
            "video/webm" or "audio/webm" => ".webm",
            "audio/mpeg" => ".mp3",
            "audio/mp4" => ".m4a",
            "audio/ogg" or "audio/opus" => ".ogg",
            "audio/amr" => ".amr",
            "audio/aac" => ".aac",
            "audio/wav" => ".wav",
            "application/pdf" => ".pdf",
            _ => "",
        };
}
