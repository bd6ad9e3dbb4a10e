using System.Diagnostics;
using FlowChat.Messages;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace FlowChat.Tests.Messages;

/// <summary>Sends whose jobs Redis carries, and what becomes of them when it forgets or goes.</summary>
public sealed class SendsOverRedisTests(SharedPostgres postgres) : IAsyncLifetime
{
    // How many entries the stream has had.
    private const string Added =
        "EVAL \"redis.call('SELECT', 3) local s = redis.call('XINFO', 'STREAM', 'chat:stream:send_message') "
        + "for i = 1, #s, 2 do if s[i] == 'entries-added' then return s[i + 1] end end\" 0";

    private readonly RedisServer _redis = new(durable: true);
    private FlowChatServer _server = null!;
    private TestNumber _number = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _redis.StartAsync(Ct);

    [Fact]
    public async Task A_lane_goes_through_Redis_in_its_order()
    {
        await ServeAsync(services => services.OnlyByEntries(SendMessageJob.Queue));
        await _server.CarriedAsync(SendMessageJob.Queue);

        await SendAllAsync(1..20, between: () => Task.CompletedTask);

        Assert.InRange(int.Parse(await _redis.AskAsync(Added, Ct), null), 20, int.MaxValue);
    }

    [Fact]
    public async Task What_Redis_forgets_is_sent_once_and_in_order()
    {
        await ServeAsync();
        await SendAllAsync(1..20, between: () => _redis.AskAsync("FLUSHALL", Ct));
    }

    [Fact]
    public async Task A_Redis_that_comes_back_empty_holds_nothing_up()
    {
        await ServeAsync();
        await SendAllAsync(1..20, between: () => _redis.WipeAsync(Ct));
    }

    [Fact]
    public async Task A_Redis_that_is_away_holds_nothing_up_and_what_it_still_knows_runs_no_second_time()
    {
        await ServeAsync();
        await SendAllAsync(1..20, between: () => _redis.KillAsync(Ct));
        await _redis.StartAsync(Ct);
        await SendAllAsync(21..30, between: () => Task.CompletedTask);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_silent_Redis_makes_no_request_wait()
    {
        await ServeAsync();
        await _server.CarriedAsync(SendMessageJob.Queue);
        await _redis.Process.SignalAsync("STOP", Ct);

        var slowest = TimeSpan.Zero;
        var last = default(FlowChat.Testing.Api.Message);
        for (var person = 1; person <= 30; person++)
        {
            var conversation = await _number.StartAsync(Ct, person);
            var since = Stopwatch.GetTimestamp();
            last = await _number.SendAsync(conversation, $"{person}", Ct);
            var took = Stopwatch.GetElapsedTime(since);
            slowest = took > slowest ? took : slowest;
        }
        await _number.WaitAsync(last!, "sent", Ct);
        await _redis.Process.SignalAsync("CONT", Ct);

        Assert.InRange(slowest, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        await SendAllAsync(31..35, between: () => Task.CompletedTask);
        var texts = _number.Gateway.Sent.All.Select(send => send.Text).ToList();
        Assert.Equal(texts.Distinct(StringComparer.Ordinal), texts);
    }

    public async ValueTask DisposeAsync()
    {
        await _number.DisposeAsync();
        await _server.DisposeAsync();
        await _redis.DisposeAsync();
    }

    private async Task ServeAsync(Action<IServiceCollection>? services = null)
    {
        _server = await FlowChatServer.StartAsync(
            await postgres.CreateDatabaseAsync(),
            new Dictionary<string, string?> { ["REDIS_URL"] = _redis.Url },
            services
        );
        _number = await TestNumber.ConnectAsync(_server, Ct);
    }

    /// <summary>The first waits in its call while the others queue up behind it.</summary>
    private async Task SendAllAsync(Range texts, Func<Task> between)
    {
        var numbers = Enumerable.Range(texts.Start.Value, texts.End.Value - texts.Start.Value + 1);
        var sent = _number.Gateway.Sent.All.Count;
        var hold = new TaskCompletionSource();
        _number.Gateway.Script.Next(Reply.Normal.After(hold.Task));
        var conversation = await _number.StartAsync(Ct);
        var expected = numbers.Select(number => $"{number}").ToList();
        var last = await _number.SendAsync(conversation, expected[0], Ct);
        foreach (var text in expected.Skip(1))
        {
            last = await _number.SendAsync(conversation, text, Ct);
        }
        await between();
        hold.SetResult();

        await _number.WaitAsync(last, "sent", Ct);
        Assert.Equal(expected, _number.Gateway.Sent.All.Skip(sent).Select(send => send.Text));
    }
}
