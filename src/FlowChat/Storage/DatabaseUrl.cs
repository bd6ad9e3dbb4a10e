using Npgsql;

namespace FlowChat.Storage;

/// <summary>Reads DATABASE_URL: postgres://user:password@host:port/database?sslmode=require, or Npgsql's own key=value form.</summary>
internal static class DatabaseUrl
{
    public static string? TryParse(string url)
    {
        try
        {
            if (!url.Contains("://", StringComparison.Ordinal))
            {
                return new NpgsqlConnectionStringBuilder(url) is { Host: not null } plain
                    ? plain.ConnectionString
                    : null;
            }
            return
                Uri.TryCreate(url, UriKind.Absolute, out var uri)
                && uri.Scheme is "postgres" or "postgresql"
                && uri.Host.Length > 0
                ? FromUri(uri).ConnectionString
                : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static NpgsqlConnectionStringBuilder FromUri(Uri uri)
    {
        var user = uri.UserInfo.Split(':', 2);
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.Port > 0 ? uri.Port : 5432,
            Database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/')),
        };
        if (user[0].Length > 0)
        {
            builder.Username = Uri.UnescapeDataString(user[0]);
        }
        if (user.Length == 2)
        {
            builder.Password = Uri.UnescapeDataString(user[1]);
        }
        foreach (
            var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
        )
        {
            var (name, value) = pair.Split('=', 2) is [var n, var v]
                ? (n, Uri.UnescapeDataString(v))
                : (pair, "");
            // libpq spells the modes with dashes and knows options that are Npgsql's under other names.
            builder[name == "sslmode" ? "SSL Mode" : name] =
                name == "sslmode" ? value.Replace("-", "", StringComparison.Ordinal) : value;
        }
        return builder;
    }
}
