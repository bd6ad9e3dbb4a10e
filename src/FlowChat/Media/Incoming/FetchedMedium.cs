using FlowChat.Gateways;
using FlowChat.Media.Forms;
using FlowChat.Media.Store;

namespace FlowChat.Media.Incoming;

/// <summary>What became of a fetch: bytes, or why there are none.</summary>
internal sealed record FetchedMedium(SpooledFile? File, MediaType Type, MediaResult? Missing)
    : IDisposable
{
    /// <summary>Whether they are the sender's own, as far as that is told.</summary>
    public bool IsAsSent { get; init; }

    /// <summary>Of two fetches the one with more is kept.</summary>
    public int Worth => File is null ? 0 : 1 + (Type.IsAsSaid ? 1 : 0) + (IsAsSent ? 2 : 0);

    public bool IsBest => File is not null && Type.IsAsSaid && IsAsSent;

    public static FetchedMedium Without(MediaResult missing) => new(null, default, missing);

    public void Dispose() => File?.Dispose();
}
