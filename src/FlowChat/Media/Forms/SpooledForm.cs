using FlowChat.Media.Store;

namespace FlowChat.Media.Forms;

/// <summary>Looks into a file that has come.</summary>
internal static class SpooledForm
{
    /// <param name="file">The file.</param>
    /// <param name="said">Its type by its sender.</param>
    public static MediaType Judge(this SpooledFile file, string said)
    {
        Span<byte> head = stackalloc byte[MediaForms.HeadSize];
        using var bytes = File.OpenRead(file.Path);
        return MediaType.Judge(
            said,
            head[..bytes.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)]
        );
    }

    /// <returns>Null = it is no image, or doesn't say.</returns>
    public static (int Width, int Height)? ReadImageSize(this SpooledFile file)
    {
        using var bytes = File.OpenRead(file.Path);
        return ImageSize.Read(bytes);
    }
}
