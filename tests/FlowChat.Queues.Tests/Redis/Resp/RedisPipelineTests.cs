using System.Net.Sockets;
using FlowChat.Queues.Redis.Resp;
using FlowChat.Testing.Servers;

namespace FlowChat.Queues.Tests.Redis.Resp;

/// <summary>How little is written for how many commands.</summary>
public sealed class RedisPipelineTests(RedisServerFixture redis) : IClassFixture<RedisServerFixture>
{
    private const int Callers = 1_000;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Commands_that_come_while_one_is_written_go_in_one_write()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(new Uri(redis.Server.Url).Host, redis.Server.Port, Ct);
        await using var writes = new CountedWrites(socket.GetStream());
        await using var connection = new RedisConnection(
            writes,
            RedisOptions.Parse(redis.Server.Url).Endpoints[0],
            ConnectionUse.Shared,
            RedisOptions.Parse(redis.Server.Url),
            TimeProvider.System
        );

        var first = EchoAsync(connection, 0);
        var others = Enumerable.Range(1, Callers).Select(n => EchoAsync(connection, n)).ToList();
        writes.Go();

        Assert.Equal(0, await first);
        Assert.Equal(Enumerable.Range(1, Callers), await Task.WhenAll(others));
        Assert.Equal(2, writes.Count);
    }

    [Fact]
    public async Task A_script_is_sent_once_and_called_by_its_name_from_then_on()
    {
        await using var server = await RedisServer.StartedAsync(Ct);
        var store = new RedisQueueStore(server.Url, "t:");
        await using var bed = await QueueBed.MakeAsync(store);
        await store.Client.AskAsync("CONFIG", "RESETSTAT");

        for (var n = 0; n < 20; n++)
            await bed.AddAsync();
        await Task.WhenAll(Enumerable.Range(0, 80).Select(_ => bed.AddAsync()));
        var other = new RedisQueueStore(server.Url, "t:");
        await using var second = await QueueBed.MakeAsync(other);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => second.AddAsync()));

        var calls = (await store.Client.AskAsync("INFO", "commandstats")).Text;
        // The one that the server didn't know, and then whole.
        Assert.Equal(1, CallsOf("eval", calls));
        // Two more prepare the second's queue.
        Assert.Equal(100 + 50 + 2, CallsOf("evalsha", calls));
        Assert.Equal(150, (await bed.MeasureAsync()).Waiting);
    }

    private static int CallsOf(string command, string stats)
    {
        var name = $"cmdstat_{command}:";
        var line = stats.Split("\r\n").Single(l => l.StartsWith(name, StringComparison.Ordinal));
        return int.Parse(line.Split("calls=")[1].Split(',')[0], null);
    }

    private static async Task<int> EchoAsync(RedisConnection connection, int n)
    {
        var reply = await connection.SendAsync(new RedisCommand("ECHO", $"{n}"), Ct);
        return (int)reply.Integer;
    }

    /// <summary>The first write waits until the test lets it go.</summary>
    private sealed class CountedWrites(Stream wire) : Stream
    {
        private readonly TaskCompletionSource go = new(
            TaskCreationOptions.RunContinuationsAsynchronously
        );

        public int Count { get; private set; }

        public void Go() => go.SetResult();

        public override async ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            Count++;
            await go.Task;
            await wire.WriteAsync(buffer, cancellationToken);
        }

        public override ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        ) => wire.ReadAsync(buffer, cancellationToken);

        public override Task FlushAsync(CancellationToken cancellationToken) =>
            wire.FlushAsync(cancellationToken);

        protected override void Dispose(bool disposing)
        {
            wire.Dispose();
            base.Dispose(disposing);
        }

        public override bool CanRead => true;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() => wire.Flush();

        public override int Read(byte[] buffer, int offset, int count) =>
            throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) =>
            throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) =>
            throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
