using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Servers;

namespace FlowChat.Tests.Operations.Stopping;

/// <summary>SIGTERM under work: a node of its own process beside one that has no workers.</summary>
public sealed class DrainTests(SendingFlowChat.WithoutWorkers inbox)
    : IClassFixture<SendingFlowChat.WithoutWorkers>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 180_000)]
    public async Task Each_thing_ends_in_its_order_and_nothing_that_runs_is_cut()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        await using var node = await StartAsync(wait: 2);
        using var client = new FlowChatClient(node.BaseUrl, FlowChatServer.ApiKey);
        var answered = new TaskCompletionSource();
        number.Gateway.Script.Next(Reply.Normal.AnsweredAfter(answered.Task));
        var start = (await client.EventsAsync(long.MaxValue, Ct)).LastSeq;
        await using var live = client.LiveAsync(start, Ct).GetAsyncEnumerator(Ct);
        var running = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);
        await number.Gateway.Sent.WaitAsync(_ => true, Ct);
        Assert.True(await live.MoveNextAsync());

        var since = Stopwatch.GetTimestamp();
        await node.Process.SignalAsync("TERM", Ct);
        await WaitUntilDrainingAsync(client);
        using var me = await client.Http.GetAsync("/api/me", Ct);
        await SaysAsync(node, "no more jobs");
        var late = await client.SendAsync(
            (await number.StartAsync(Ct, person: 2)).Id,
            Guid.CreateVersion7().ToString(),
            "Até já",
            Ct
        );
        Assert.DoesNotContain(node.Process.Output.All, line => Says(line, "live streams"));
        answered.SetResult();
        var told = await ReadToEndAsync(live);
        var then = await number.ReadAsync(running, Ct);
        var code = await node.Process.WaitForExitAsync(Ct);

        // Answered while it drains, and told to come back on another connection.
        Assert.Equal((HttpStatusCode.OK, true), (me.StatusCode, me.Headers.ConnectionClose));
        Assert.Equal("reconnect", told[^1].Type);
        // The streams end after the jobs, and what they hadn't told yet is told elsewhere, from that place on.
        Assert.Equal("sent", then.Status);
        var rest = (await inbox.Server.Client.EventsAsync(told[^1].Seq, Ct)).Items;
        Assert.Single(
            told.Concat(rest),
            one => one.Message is { } now && now.Id == running.Id && now.Status == "sent"
        );
        Assert.Equal(0, code);
        Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.Zero, TimeSpan.FromSeconds(25));
        Assert.Equal(
            ["not ready", "no more jobs", "live streams", "requests under way"],
            Steps(node)
        );
        Assert.Single(number.Sends);
        await using var other = await inbox.StartSenderAsync(Ct);
        await number.WaitAsync(late, "sent", Ct);
        Assert.Equal(2, number.Sends.Count);
    }

    [Fact(Timeout = 180_000)]
    public async Task A_request_under_way_is_finished()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var conversation = await number.StartAsync(Ct);
        await using var node = await StartAsync(wait: 0);
        using var client = new FlowChatClient(node.BaseUrl, FlowChatServer.ApiKey);
        var rest = new TaskCompletionSource();
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new { ClientMessageId = Guid.CreateVersion7().ToString(), Text = "Devagar" },
            FlowChatClient.Json
        );
        using var slow = new SlowContent(body, rest.Task);
        var posting = client.Http.PostAsync(
            $"/api/conversations/{conversation.Id}/messages",
            slow,
            Ct
        );
        await slow.Half;

        await node.Process.SignalAsync("TERM", Ct);
        await SaysAsync(node, "requests under way");
        rest.SetResult();
        using var answer = await posting;

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(0, await node.Process.WaitForExitAsync(Ct));
        Assert.Equal("Devagar", Assert.Single(await number.ThreadAsync(conversation.Id, Ct)).Text);
    }

    [Fact(Timeout = 180_000)]
    public async Task A_request_and_a_job_that_never_end_keep_no_node_beyond_its_time()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        number.Gateway.Script.Next(Reply.Never);
        var conversation = await number.StartAsync(Ct);
        await using var node = await StartAsync(wait: 1, shutdown: 9);
        using var client = new FlowChatClient(node.BaseUrl, FlowChatServer.ApiKey);
        await number.SendAsync(conversation, "Olá", Ct);
        await number.Gateway.Requests.WaitAsync(request => request.IsSend, Ct);
        var rest = new TaskCompletionSource();
        using var slow = new SlowContent(new byte[100], rest.Task);
        var posting = client.Http.PostAsync(
            $"/api/conversations/{conversation.Id}/messages",
            slow,
            Ct
        );
        await slow.Half;

        var since = Stopwatch.GetTimestamp();
        Assert.Equal(0, await node.StopAsync(Ct));

        Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.Zero, TimeSpan.FromSeconds(9));
        rest.SetResult();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => posting);
    }

    [Fact(Timeout = 180_000)]
    public async Task A_second_signal_ends_it_at_once_and_loses_nothing()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        number.Gateway.Echo = new EchoPlan { Copies = 0 };
        var never = new TaskCompletionSource();
        number.Gateway.Script.Next(Reply.Normal.AnsweredAfter(never.Task));
        await using var node = await StartAsync(wait: 20);
        using var client = new FlowChatClient(node.BaseUrl, FlowChatServer.ApiKey);
        var running = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);
        await number.Gateway.Sent.WaitAsync(_ => true, Ct);
        var waiting = await number.SendAsync(await number.StartAsync(Ct, person: 2), "Oi", Ct);
        await node.Process.SignalAsync("TERM", Ct);
        await WaitUntilDrainingAsync(client);

        var since = Stopwatch.GetTimestamp();
        await node.Process.SignalAsync("TERM", Ct);
        var code = await node.Process.WaitForExitAsync(Ct);
        var took = Stopwatch.GetElapsedTime(since);

        Assert.Equal(128 + 15, code);
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        await number.ExecuteAsync(
            "update jobs set lease_until = now() - interval '1 s' where id = @Id and state = 'leased'",
            new { running.Id }
        );
        await using var other = await inbox.StartSenderAsync(Ct);
        await number.WaitAsync(running, "unknown", Ct);
        await number.WaitAsync(waiting, "sent", Ct);
        Assert.Equal(2, number.Sends.Count);
        never.SetResult();
    }

    private Task<FlowChatProcess> StartAsync(int wait, int shutdown = 30) =>
        FlowChatProcess.StartAsync(
            new Dictionary<string, string>(inbox.Settings)
            {
                ["FLOWCHAT_DRAIN_WAIT_SECONDS"] = $"{wait}",
                ["FLOWCHAT_SHUTDOWN_SECONDS"] = $"{shutdown}",
            },
            Ct
        );

    private static async Task WaitUntilDrainingAsync(FlowChatClient client)
    {
        while (true)
        {
            using var ready = await client.Http.GetAsync("/health/ready", Ct);
            var status = JsonNode.Parse(await ready.Content.ReadAsStringAsync(Ct))!["status"]!;
            if (status.GetValue<string>() == "draining")
            {
                Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
                return;
            }
        }
    }

    private static async Task<List<LiveEvent>> ReadToEndAsync(IAsyncEnumerator<LiveEvent> live)
    {
        var told = new List<LiveEvent>();
        while (await live.MoveNextAsync())
        {
            told.Add(live.Current);
        }
        return told;
    }

    private static Task<string> SaysAsync(FlowChatProcess node, string step) =>
        node.Process.WaitForLineAsync(line => Says(line, step), Ct);

    private static IEnumerable<string> Steps(FlowChatProcess node) =>
        node
            .Process.Output.All.Where(line => line.Contains("Stopping: ", StringComparison.Ordinal))
            .Select(line =>
                new[] { "not ready", "no more jobs", "live streams", "requests under way" }.Single(
                    step => Says(line, step)
                )
            );

    private static bool Says(string line, string step) =>
        line.Contains($"Stopping: {step}", StringComparison.Ordinal);
}
