using Dapper;
using FlowChat.Storage;
using FlowChat.Testing.Api;
using Microsoft.Extensions.DependencyInjection;

namespace FlowChat.Tests.Live;

/// <summary>A key or session that ended through another node, or by its age, is found by each stream's look once a minute.</summary>
public sealed class SessionCheckTests(SharedPostgres postgres)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stream_outlives_its_key_by_a_minute_at_most()
    {
        var clock = new HastyClock();
        await using var node = await FlowChatServer.StartAsync(
            await postgres.CreateDatabaseAsync(),
            services: services => services.AddSingleton<TimeProvider>(clock),
            workers: false
        );
        var reading = await node.Client.PostAsync<Key>(
            "/api/api-keys",
            new { Name = "Reader", Role = "viewer" },
            Ct
        );
        var sandbox = await node.Client.PostAsync<Instance>(
            "/api/instances",
            new { Name = "Sandbox", Gateway = "sandbox" },
            Ct
        );
        using var reader = new FlowChatClient(node.BaseUrl, reading.Secret);
        var last = (await node.Client.EventsAsync(0, Ct)).LastSeq;
        await using var stream = EventStream
            .ReadAsync(reader.Http, $"{last - 1}", Ct)
            .GetAsyncEnumerator(Ct);
        Assert.True(await stream.MoveNextAsync());

        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("message.created", await NextAsync());
        // The second one comes after the look that followed the first.
        Assert.Equal("message.created", await NextAsync());
        await using (var connection = await node.Get<Database>().Migrator.OpenConnectionAsync(Ct))
        {
            await connection.ExecuteAsync(
                "update api_keys set revoked_at = now() where id = @Id",
                new { reading.Id }
            );
        }
        Assert.Equal("message.created", await NextAsync());
        clock.Advance(TimeSpan.FromMinutes(1));
        // The look is due: at once, or behind the event that wakes the stream.
        var next = await NextAsync();
        if (next == "message.created")
        {
            Assert.True(await stream.MoveNextAsync());
            next = stream.Current.Type;
        }
        Assert.Equal("unauthenticated", next);
        Assert.False(await stream.MoveNextAsync());

        async Task<string> NextAsync()
        {
            await node.Client.PostAsync<object>(
                $"/api/sandbox/{sandbox.Id}/messages",
                new { Phone = "5511987654321", Text = "Oi" },
                Ct
            );
            Assert.True(await stream.MoveNextAsync());
            return stream.Current.Type;
        }
    }

    private sealed record Key(
        Guid Id,
        [property: System.Text.Json.Serialization.JsonPropertyName("key")] string Secret
    );

    /// <summary>The real time, in which minutes can be skipped.</summary>
    private sealed class HastyClock : TimeProvider
    {
        private long _skipped;

        public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Read(ref _skipped);

        public void Advance(TimeSpan by) =>
            Interlocked.Add(ref _skipped, (long)(by.TotalSeconds * TimestampFrequency));
    }
}
