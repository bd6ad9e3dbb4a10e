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

    public static string HashOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
