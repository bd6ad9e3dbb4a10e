using System.Globalization;

namespace FlowChat.Inbound;

/// <summary>Names that people give themselves, cut to what a list can show.</summary>
internal static class ShortText
{
    public const int MostCharacters = 256;

    /// <summary>Whole signs only: half an emoji or a letter without its accent is another text.</summary>
    public static string? Cut(string? text, int most = MostCharacters)
    {
        if (text is null || text.Length <= most)
        {
            return text;
        }
        var length = 0;
        while (true)
        {
            var next = StringInfo.GetNextTextElementLength(text, length);
            if (length + next > most)
            {
                // One sign can be longer than any name: accents upon accents.
                return length > 0 ? text[..length] : null;
            }
            length += next;
        }
    }
}
