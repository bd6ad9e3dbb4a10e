using System.Reflection;
using FlowChat.Queues.RabbitMq;
using FlowChat.Testing.Servers;
using RabbitMQ.Client;

namespace FlowChat.Queues.Tests.RabbitMq;

/// <summary>What a link leaves behind of what died under it.</summary>
public sealed class RabbitMqLinkTests(RabbitMqFixture rabbitMq) : IAsyncLifetime
{
    private readonly List<WatchedConnection> made = [];
    private RabbitMqLink link = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await using var started = await rabbitMq.OpenAsync(RabbitMqFixture.NewPrefix());
        var url = RabbitMqUrl.Parse(rabbitMq.Url);
        link = new RabbitMqLink(url, ConnectAsync, TimeProvider.System);

        async Task<IConnection> ConnectAsync(CancellationToken cancellationToken)
        {
            var opened = await url.NewFactory().CreateConnectionAsync(cancellationToken);
            var watched = DispatchProxy.Create<IConnection, WatchedConnection>();
            made.Add((WatchedConnection)watched);
            made[^1].Opened = opened;
            return watched;
        }
    }

    public ValueTask DisposeAsync() => link.DisposeAsync();

    [Fact]
    public async Task A_connection_that_died_is_disposed_when_it_is_replaced()
    {
        await ChannelAsync();
        await made[0].Opened.CloseAsync(Ct);
        var next = await ChannelAsync();

        Assert.True(next.IsOpen);
        Assert.Equal([true, false], made.Select(connection => connection.IsDisposed));
    }

    [Fact]
    public async Task A_channel_that_could_not_be_begun_is_closed()
    {
        IChannel? unbegun = null;

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            link.OpenChannelAsync(
                (channel, _) =>
                {
                    unbegun = channel;
                    throw new InvalidOperationException();
                },
                Ct
            )
        );

        Assert.False(unbegun!.IsOpen);
    }

    /// <summary>Its client would notice with the third heartbeat that it misses, and may end the process then.</summary>
    [Fact]
    public async Task An_idle_connection_whose_network_is_gone_is_left_before_its_heartbeats_fail()
    {
        await using var network = FaultProxy.StartFor(new Uri(rabbitMq.Url));
        var url = RabbitMqUrl.Parse(RabbitMqServer.UrlAt(network.Port));
        var left = new TaskCompletionSource();
        await using var behind = new RabbitMqLink(
            url,
            async ct =>
            {
                var opened = await url.NewFactory().CreateConnectionAsync(ct);
                opened.ConnectionShutdownAsync += (_, _) =>
                {
                    left.TrySetResult();
                    return Task.CompletedTask;
                };
                return opened;
            },
            new HastyTime()
        );
        await behind.PingAsync(Ct);

        network.Fault = NetworkFault.Stalled;

        // The client's own timers don't hurry: it would take three of its heartbeats.
        Assert.True(QueueBed.Soon < 3 * url.NewFactory().RequestedHeartbeat);
        await left.Task.WaitAsync(QueueBed.Soon, Ct);
    }

    private Task<IChannel> ChannelAsync() =>
        link.CallAsync((channel, _) => Task.FromResult(channel), Ct);

    /// <summary>Four seconds of it are one.</summary>
    private sealed class HastyTime : TimeProvider
    {
        private const int Times = 4;

        public override long TimestampFrequency => System.TimestampFrequency / Times;

        public override long GetTimestamp() => System.GetTimestamp();

        public override ITimer CreateTimer(
            TimerCallback callback,
            object? state,
            TimeSpan dueTime,
            TimeSpan period
        ) => System.CreateTimer(callback, state, Hasty(dueTime), Hasty(period));

        private static TimeSpan Hasty(TimeSpan span) =>
            span == Timeout.InfiniteTimeSpan ? span : span / Times;
    }

    public class WatchedConnection : DispatchProxy
    {
        public IConnection Opened { get; set; } = null!;

        public bool IsDisposed { get; private set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            IsDisposed |= targetMethod!.Name == nameof(IAsyncDisposable.DisposeAsync);
            return targetMethod.Invoke(Opened, args);
        }
    }
}
