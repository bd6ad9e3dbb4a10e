using FlowChat.Gateways;
using FlowChat.Media.Forms;
using FlowChat.Media.Store;

namespace FlowChat.Media.Incoming;

/// <summary>What became of a fetch: bytes, or why there are none.</summary>
internal sealed record FetchedMedium(SpooledFile? File, MediaType Type, MediaResult? Missing)
    : IDisposable
{
    public static FetchedMedium Without(MediaResult missing) => new(null, default, missing);

    public void Dispose() => File?.Dispose();
}
