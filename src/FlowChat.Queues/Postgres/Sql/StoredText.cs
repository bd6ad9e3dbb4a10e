using System.Text;

namespace FlowChat.Queues.Postgres.Sql;

/// <summary>People's and programs' words as PostgreSQL takes them: no NUL, no half characters, not endless.</summary>
internal static class StoredText
{
    private const int MaxLength = 4000;

    public static string? Clean(string? text)
    {
        if (text is null)
            return null;
        var cut = text.Length > MaxLength ? text[..MaxLength] : text;
        // Encoding replaces lone surrogates, also one that the cut made.
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(cut.Replace('\0', '\uFFFD')));
    }
}
