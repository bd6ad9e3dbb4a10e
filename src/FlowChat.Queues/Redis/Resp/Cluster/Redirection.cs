using System.Globalization;

namespace FlowChat.Queues.Redis.Resp.Cluster;

/// <summary>"MOVED 3999 10.0.0.2:6381" for good, or "ASK …" for this once.</summary>
internal sealed record Redirection(bool IsForGood, int Slot, RedisEndpoint Owner)
{
    public static Redirection? Read(RedisException refusal, RedisEndpoint from)
    {
        if (refusal.Code is not ("MOVED" or "ASK"))
            return null;
        var words = refusal.Message.Split(' ');
        var colon = words[2].LastIndexOf(':');
        var host = words[2][..colon];
        return new Redirection(
            refusal.Code == "MOVED",
            int.Parse(words[1], CultureInfo.InvariantCulture),
            new RedisEndpoint(
                host.Length == 0 ? from.Host : host,
                int.Parse(words[2][(colon + 1)..], CultureInfo.InvariantCulture)
            )
        );
    }
}
