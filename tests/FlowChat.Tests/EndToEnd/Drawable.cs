namespace FlowChat.Tests.EndToEnd;

/// <summary>Pictures that browsers can draw.</summary>
internal static class Drawable
{
    /// <summary>One red point.</summary>
    public static byte[] Dot { get; } =
        Convert.FromBase64String(
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
        );
}
