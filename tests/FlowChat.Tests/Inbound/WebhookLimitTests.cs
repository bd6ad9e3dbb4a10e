using System.Net;
using FlowChat.Operations;
using FlowChat.Testing.Evolution.Payloads;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FlowChat.Tests.Inbound;

public sealed class WebhookLimitTests(SharedPostgres postgres) : IAsyncLifetime
{
    private const int Megabyte = 1_048_576;

    private readonly ServerErrors _errors = new();
    private FlowChatServer _server = null!;
    private WebhookLine _line = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await FlowChatServer.StartAsync(
            await postgres.CreateDatabaseAsync(),
            new Dictionary<string, string?>
            {
                ["FLOWCHAT_WEBHOOK_MAX_MB"] = "1",
                ["FLOWCHAT_WEBHOOK_MEMORY_MB"] = "1",
                ["FLOWCHAT_WEBHOOK_SECONDS"] = "1",
            },
            services => services.AddSingleton<ILoggerProvider>(_errors),
            workers: false
        );
        var instance = await _server.Client.CreateEvolutionInstanceAsync(
            "Loja",
            new("http://127.0.0.1:9"),
            "key",
            "loja",
            Ct
        );
        _line = new(_server, instance, "loja");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_body_as_large_as_the_limit_is_taken_and_one_byte_more_is_a_413_with_an_alarm()
    {
        Assert.Equal(HttpStatusCode.OK, await PostAsync(Megabyte));
        Assert.Empty(_server.Get<Alarms>().Recent);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await PostAsync(Megabyte + 1));

        var alarm = Assert.Single(_server.Get<Alarms>().Recent);
        Assert.Equal("webhook_too_large", alarm.Code);
        Assert.Contains($"{_line.Instance.Id}", alarm.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_length_over_the_limit_is_refused_before_the_body_comes()
    {
        await using var webhook = await RawWebhook.BeginAsync(
            _server.BaseUrl,
            _line.Instance,
            length: 40L * 1024 * Megabyte,
            Ct
        );

        Assert.StartsWith(
            "HTTP/1.1 413 ",
            await webhook.ReadHeadAsync(Ct),
            StringComparison.Ordinal
        );
        Assert.Single(_server.Get<Alarms>().Recent);
    }

    [Fact]
    public async Task Chunks_without_an_end_are_refused_at_the_limit()
    {
        await using var webhook = await RawWebhook.BeginAsync(
            _server.BaseUrl,
            _line.Instance,
            length: null,
            Ct
        );
        var flood = webhook.FloodAsync(Ct);

        Assert.StartsWith(
            "HTTP/1.1 413 ",
            await webhook.ReadHeadAsync(Ct),
            StringComparison.Ordinal
        );

        // Besides the limit it takes what the sockets hold, and then no more.
        Assert.InRange(await flood, Megabyte, 64 * Megabyte);
        Assert.Single(_server.Get<Alarms>().Recent);
        Assert.Equal(HttpStatusCode.OK, await PostAsync(Megabyte));
        await _server.StopAsync();
        Assert.Empty(_errors.All);
    }

    [Fact]
    public async Task A_bomb_is_a_413_once_it_is_larger_than_a_body_may_be()
    {
        Assert.Equal(HttpStatusCode.OK, await PostPackedAsync(Megabyte));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await PostPackedAsync(Megabyte + 1));

        Assert.Equal("webhook_too_large", Assert.Single(_server.Get<Alarms>().Recent).Code);
        Assert.Equal(HttpStatusCode.OK, await PostAsync(Megabyte));
    }

    [Fact]
    public async Task A_body_that_drips_is_cut_off()
    {
        await using var webhook = await RawWebhook.BeginAsync(
            _server.BaseUrl,
            _line.Instance,
            1_000,
            Ct
        );
        await webhook.WriteAsync("{"u8.ToArray(), Ct);

        var head = await webhook.ReadHeadAsync(Ct);

        Assert.StartsWith("HTTP/1.1 408 ", head, StringComparison.Ordinal);
        Assert.Contains("Connection: close", head, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Large_bodies_beyond_the_budget_are_told_to_come_again_and_small_ones_pass()
    {
        // Each holds most of the budget until it is cut off: not both can.
        await using var one = await BeginLargeAsync();
        await using var other = await BeginLargeAsync();
        var heads = new[] { one.ReadHeadAsync(Ct), other.ReadHeadAsync(Ct) };

        var first = await await Task.WhenAny(heads);
        Assert.Equal(HttpStatusCode.OK, await PostAsync(10_000));

        Assert.StartsWith("HTTP/1.1 503 ", first, StringComparison.Ordinal);
        Assert.Contains("Retry-After: ", first, StringComparison.Ordinal);
        await Task.WhenAll(heads);
        Assert.Equal(HttpStatusCode.OK, await PostAsync(Megabyte));
    }

    [Fact]
    public async Task A_body_that_breaks_off_gives_its_memory_back()
    {
        for (var i = 0; i < 20; i++)
        {
            await using var broken = await RawWebhook.BeginAsync(
                _server.BaseUrl,
                _line.Instance,
                Megabyte,
                Ct
            );
            await broken.WriteAsync(new byte[600 * 1024], Ct);
        }

        using var soon = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        soon.CancelAfter(TimeSpan.FromSeconds(20));
        while (await PostAsync(Megabyte) != HttpStatusCode.OK)
        {
            soon.Token.ThrowIfCancellationRequested();
        }
        Assert.Single(await _line.ConversationsAsync(Ct));
    }

    private async Task<RawWebhook> BeginLargeAsync()
    {
        var webhook = await RawWebhook.BeginAsync(_server.BaseUrl, _line.Instance, Megabyte, Ct);
        await webhook.WriteAsync(new byte[700 * 1024], Ct);
        return webhook;
    }

    private byte[] Padded(int length)
    {
        var padded = new byte[length];
        padded.AsSpan().Fill((byte)' ');
        _line.From(Person.Ana, "Oi").ToBytes().CopyTo(padded, 0);
        return padded;
    }

    private async Task<HttpStatusCode> PostPackedAsync(int length)
    {
        using var response = await PackedWebhook.PostAsync(
            _server,
            _line.Instance,
            "gzip",
            PackedWebhook.Pack("gzip", Padded(length)),
            Ct
        );
        return response.StatusCode;
    }

    private async Task<HttpStatusCode> PostAsync(int length)
    {
        using var response = await _server.Client.TryPostWebhookAsync(
            _line.Instance,
            Padded(length),
            Ct
        );
        if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            Assert.NotNull(response.Headers.RetryAfter);
        }
        return response.StatusCode;
    }
}
