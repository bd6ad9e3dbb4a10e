namespace FlowChat.Storage.Embedded;

internal static class RandomName
{
    public static string Next() =>
        Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal);
}
