namespace FlowChat.Gateways.Evolution;

/// <summary>The body of markMessageAsRead: the keys of what the other side wrote.</summary>
internal sealed record EvolutionMarkRead(IReadOnlyList<EvolutionMarkRead.Key> ReadMessages)
{
    /// <summary>In one call.</summary>
    public const int Most = 100;

    public static EvolutionMarkRead Of(string jid, IEnumerable<string> waIds) =>
        new([.. waIds.Select(id => new Key(id, FromMe: false, jid))]);

    internal sealed record Key(string Id, bool FromMe, string RemoteJid);
}
