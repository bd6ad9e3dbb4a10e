using System.Security.Cryptography;
using System.Text;
using FlowChat.Testing.Samples;

namespace FlowChat.Chaos.Traffic;

/// <summary>Pictures of which no two have the same bytes.</summary>
internal static class TestFiles
{
    private static readonly byte[] Photo = Sample.Read(Sample.Photo);

    /// <summary>What stands behind a JPEG's end is shown by nobody, and kept.</summary>
    public static byte[] Picture(string text) => [.. Photo, .. Encoding.UTF8.GetBytes(text)];

    public static string HashOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
