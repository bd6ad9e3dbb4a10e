using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;
using FlowChat.Testing.Servers;
using static FlowChat.Tests.Media.ArrivingMedia;

namespace FlowChat.Tests.Media;

/// <summary>RabbitMQ carries the jobs, an S3 bucket keeps the bytes; and then one of them goes.</summary>
public sealed class MediaOverServersTests(SharedPostgres postgres, SwiftBucket swift)
    : IClassFixture<SwiftBucket>,
        IAsyncLifetime
{
    private readonly RabbitMqServer _rabbit = new();
    private readonly HashSet<string> _received = new(StringComparer.Ordinal);
    private FlowChatServer _server = null!;
    private TestNumber _number = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(RabbitMqServer.IsInstalled, RabbitMqServer.HowToInstall);
        Assert.SkipUnless(SwiftServer.IsInstalled, SwiftServer.HowToInstall);
        await _rabbit.StartAsync(Ct);
        _server = await FlowChatServer.StartAsync(
            await postgres.CreateDatabaseAsync(),
            new Dictionary<string, string?>(swift.Server.Settings(SwiftBucket.Name))
            {
                ["RABBITMQ_URL"] = _rabbit.Url,
                ["FLOWCHAT_GATEWAY_SECONDS"] = "2",
            }
        );
        _number = await TestNumber.ConnectAsync(_server, Ct);
    }

    [Fact(Timeout = 180_000)]
    public async Task Media_come_whatever_becomes_of_RabbitMQ_and_are_served_from_the_bucket()
    {
        await ReceiveAllAsync(seed: 100, between: () => Task.CompletedTask);
        await ReceiveAllAsync(seed: 200, between: () => _rabbit.KillAsync(Ct));
        _rabbit.Wipe();
        await _rabbit.StartAsync(Ct);
        await ReceiveAllAsync(seed: 300, between: () => Task.CompletedTask);

        using var s3 = swift.Server.CreateClient();
        var objects = await s3.ListObjectsV2Async(new() { BucketName = SwiftBucket.Name }, Ct);
        Assert.Subset(
            objects.S3Objects.Select(stored => stored.Key.Split('/')[^1]).ToHashSet(),
            _received
        );
        Assert.Equal(30, _received.Count);
        Assert.Empty(StoredFiles.All(_server));
    }

    [Fact(Timeout = 180_000)]
    public async Task A_large_file_goes_through_both_in_parts_and_a_range_of_it_back()
    {
        var bytes = TestFile.Mp4(40_000_000);
        var id = await _number.ReceiveAsync(MessageKinds.Video(), bytes);

        var attachment = await _number.WaitUntilReadyAsync(id, Ct);

        using var request = new HttpRequestMessage(HttpMethod.Get, ContentOf(attachment));
        request.Headers.Range = new(30_000_000, 30_000_999);
        using var part = await _server.Client.Http.SendAsync(request, Ct);
        Assert.Equal(bytes[30_000_000..30_001_000], await part.Content.ReadAsByteArrayAsync(Ct));
        Assert.Equal(bytes, await _server.Client.Http.GetByteArrayAsync(ContentOf(attachment), Ct));
    }

    public async ValueTask DisposeAsync()
    {
        if (_number is not null)
            await _number.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
        await _rabbit.DisposeAsync();
    }

    /// <summary>The first wait in their calls while the others queue up behind them.</summary>
    private async Task ReceiveAllAsync(int seed, Func<Task> between)
    {
        var hold = new TaskCompletionSource();
        _number.Gateway.Script.Next(request => request.IsFetch(), Reply.Normal.After(hold.Task));
        var sent = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        for (var i = 0; i < 10; i++)
        {
            var bytes = TestFile.Jpeg(seed: seed + i);
            sent[await _number.ReceiveAsync(MessageKinds.Image(), bytes)] = bytes;
        }
        await between();
        hold.SetResult();
        foreach (var (id, bytes) in sent)
        {
            var attachment = await _number.WaitUntilReadyAsync(id, Ct);
            _received.Add(StoredFiles.HashOf(bytes));
            Assert.Equal(
                bytes,
                await _server.Client.Http.GetByteArrayAsync(ContentOf(attachment), Ct)
            );
        }
    }
}
