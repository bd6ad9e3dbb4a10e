using System.Net;
using System.Net.Sockets;
using FlowChat.Media.Store;
using FlowChat.Settings;
using FlowChat.Testing.Servers;

namespace FlowChat.Tests.Media;

public sealed class S3MediaStoreTests(SwiftBucket swift)
    : MediaStoreConformance,
        IClassFixture<SwiftBucket>
{
    private protected override IMediaStore Store
    {
        get
        {
            Assert.SkipUnless(SwiftServer.IsInstalled, SwiftServer.HowToInstall);
            return field ??= new S3MediaStore(swift.Settings);
        }
    }

    [Fact]
    public async Task A_bucket_that_is_away_says_so()
    {
        using var nobody = new S3MediaStore(
            new(new Uri("http://127.0.0.1:9"), "media", "a", "b", "us-east-1")
        );

        var error = await Assert.ThrowsAsync<MediaStoreException>(() =>
            nobody.ExistsAsync(Guid.Empty, new string('0', 64), Ct)
        );

        Assert.Contains("bucket media at 127.0.0.1:9", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bucket_that_hangs_is_away()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var store = new S3MediaStore(
            new(new Uri($"http://{silent.LocalEndpoint}"), "media", "a", "b", "us-east-1"),
            patience: TimeSpan.FromMilliseconds(100)
        );

        await Assert.ThrowsAsync<MediaStoreException>(() =>
            store.OpenAsync(Guid.Empty, new string('0', 64), Ct)
        );
    }

    [Fact]
    public async Task A_wrong_secret_says_so()
    {
        Assert.SkipUnless(SwiftServer.IsInstalled, SwiftServer.HowToInstall);
        using var stranger = new S3MediaStore(swift.Settings with { SecretKey = "wrong" });

        await Assert.ThrowsAsync<MediaStoreException>(() =>
            stranger.ExistsAsync(Guid.Empty, new string('0', 64), Ct)
        );
    }
}

/// <summary>One Swift with a bucket for all tests of a class.</summary>
public sealed class SwiftBucket : IAsyncLifetime
{
    public const string Name = "media";

    public SwiftServer Server { get; } = new();

    internal S3Settings Settings =>
        new(Server.Endpoint, Name, SwiftServer.AccessKey, SwiftServer.SecretKey, "us-east-1");

    public async ValueTask InitializeAsync()
    {
        if (SwiftServer.IsInstalled)
            await Server.StartAsync(Name, TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
