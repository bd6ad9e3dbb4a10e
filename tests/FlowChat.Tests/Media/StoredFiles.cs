using System.Security.Cryptography;
using FlowChat.Settings;

namespace FlowChat.Tests.Media;

/// <summary>What the media folder of a server has.</summary>
internal static class StoredFiles
{
    public static IReadOnlyList<string> All(FlowChatServer server)
    {
        var folder = Path.Combine(server.Get<FlowChatSettings>().DataFolder, "media");
        return Directory.Exists(folder)
            ? Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            : [];
    }

    /// <summary>They go after the change that made them needless.</summary>
    public static async Task WaitUntilGoneAsync(
        FlowChatServer server,
        byte[] bytes,
        CancellationToken ct
    )
    {
        var name = HashOf(bytes);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (All(server).Any(path => Path.GetFileName(path) == name))
            await timer.WaitForNextTickAsync(limit.Token);
    }

    public static string HashOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
