using FlowChat.Media.Store;

namespace FlowChat.Pictures;

/// <summary>What became of a fetch: an image, or why there is none.</summary>
internal sealed record FetchedPicture(SpooledFile? File, string MimeType, string Failure)
    : IDisposable
{
    public static FetchedPicture Without(string failure) => new(null, "", failure);

    public void Dispose() => File?.Dispose();
}
