using System.Reflection;
using FlowChat.Queues.RabbitMq;
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

    private Task<IChannel> ChannelAsync() =>
        link.CallAsync((channel, _) => Task.FromResult(channel), Ct);

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
