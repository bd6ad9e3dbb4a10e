using FlowChat.Queues.Redis.Resp;

namespace FlowChat.Queues.Tests.Redis.Resp;

public sealed class RedisUrlTests
{
    [Theory]
    [InlineData("redis://localhost", "localhost:6379", null, null, 0, false)]
    [InlineData("redis://:p%40ss@10.0.0.1:6380/3", "10.0.0.1:6380", null, "p@ss", 3, false)]
    [InlineData("redis://ana:p@s:s@h/2", "h:6379", "ana", "p@s:s", 2, false)]
    [InlineData("rediss://default:x@[::1]:6390/0", "[::1]:6390", "default", "x", 0, true)]
    [InlineData("redis://h?db=7&tls=true", "h:6379", null, null, 7, true)]
    public void One_server(
        string url,
        string server,
        string? user,
        string? password,
        int db,
        bool tls
    )
    {
        var options = RedisOptions.Parse(url);
        Assert.Equal(server, options.Endpoints.Single().ToString());
        Assert.Equal((user, password), (options.User, options.Password));
        Assert.Equal((db, tls), (options.Database ?? 0, options.Tls));
    }

    [Fact]
    public void Sentinels_and_clusters_name_several()
    {
        var sentinel = RedisOptions.Parse("redis+sentinel://:pw@s1,s2:26380/mymaster?db=4");
        Assert.Equal(RedisTopology.Sentinel, sentinel.Topology);
        Assert.Equal(["s1:26379", "s2:26380"], sentinel.Endpoints.Select(e => e.ToString()));
        Assert.Equal(("mymaster", 4), (sentinel.Service, sentinel.Database ?? 0));

        var cluster = RedisOptions.Parse("rediss+cluster://a:7000,b:7001");
        Assert.Equal((RedisTopology.Cluster, true), (cluster.Topology, cluster.Tls));
        Assert.Equal(["a:7000", "b:7001"], cluster.Endpoints.Select(e => e.ToString()));
    }

    [Theory]
    [InlineData("localhost:6379", "scheme")]
    [InlineData("http://:hush@h", "scheme")]
    [InlineData("redis://:hush@", "host")]
    [InlineData("redis://:hush@a,b", "host")]
    [InlineData("redis://hush@h", "password")]
    [InlineData("redis://:hush@h:0", "port")]
    [InlineData("redis://:hush@h:nine", "port")]
    [InlineData("redis://:hush@h/three", "database")]
    [InlineData("redis+cluster://:hush@h/3", "database")]
    [InlineData("redis+sentinel://:hush@h", "service")]
    [InlineData("redis://:hush@h?retry=3", "option retry")]
    public void An_error_names_the_part_and_never_the_password(string url, string part)
    {
        var refusal = Assert.Throws<FormatException>(() => RedisOptions.Parse(url));
        Assert.Contains(part, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_are_shown_without_secrets()
    {
        var shown = RedisOptions
            .Parse("redis+sentinel://u:hush@h/m?sentinel_password=hush2")
            .ToString();
        Assert.Contains("h:26379", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", shown, StringComparison.Ordinal);
    }
}
