using FlowChat.Accounts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FlowChat.Json;

/// <summary>Reads a cursor that a client hands back.</summary>
internal static class PageCursor
{
    public static bool TryRead(string? text, Func<string, bool> isTie, out Cursor? cursor)
    {
        cursor = null;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }
        if (!Cursor.TryParse(text, out var read) || !isTie(read.Tie))
        {
            return false;
        }
        cursor = read;
        return true;
    }

    public static ValidationProblem Refused(string field = "cursor") =>
        Problems.Field(field, "Give the next_cursor of an earlier page, unchanged.");
}
