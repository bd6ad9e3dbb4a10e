using System.Net.Http.Json;
using FlowChat.Testing.Api;
using FlowChat.Testing.Otlp;
using FlowChat.Testing.Servers;

namespace FlowChat.Tests.Operations;

/// <summary>A collector sees a message's way from the agent's request to the worker in another process.</summary>
public sealed class TelemetryTests(SendingFlowChat.WithoutWorkers inbox)
    : IClassFixture<SendingFlowChat.WithoutWorkers>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task A_jobs_handler_continues_the_trace_of_the_request_that_asked_for_it()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var number = await inbox.ConnectAsync(Ct);
        var conversation = await number.StartAsync(Ct);
        var settings = new Dictionary<string, string>(inbox.Settings)
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address.ToString(),
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        };
        await using var server = await FlowChatProcess.StartAsync(
            settings,
            Ct,
            "serve",
            "--no-workers"
        );
        await using var worker = await FlowChatProcess.StartWorkersAsync(settings, Ct);

        var message = await SendAsync(server, conversation);

        var send = await SpanAsync(collector, "send send_message");
        var process = await SpanAsync(collector, "process send_message");
        var request = await collector.Spans.WaitAsync(span => span.SpanId == send.ParentId, Ct);
        Assert.Equal("POST /api/conversations/{id:guid}/messages", request.Name);
        Assert.Equal((OtlpSpan.Producer, OtlpSpan.Consumer), (send.Kind, process.Kind));
        Assert.Equal((send.TraceId, send.SpanId), (process.TraceId, process.ParentId));
        Assert.Equal([send.SpanId], process.Links);
        Assert.NotEqual(send.Instance, process.Instance);
        foreach (var span in new[] { send, process })
        {
            Assert.Equal("flowchat", span.Attributes["messaging.system"]);
            Assert.Equal("send_message", span.Attributes["messaging.destination.name"]);
            Assert.Equal(message.Id.ToString(), span.Attributes["messaging.message.id"]);
        }
        Assert.Equal("send", send.Attributes["messaging.operation.type"]);
        Assert.Equal("process", process.Attributes["messaging.operation.type"]);
        Assert.Equal("done", process.Attributes["flowchat.queues.outcome"]);
        // What isn't exported yet goes out at the stop.
        Assert.Equal(0, await worker.StopAsync(Ct));
        await collector.Metrics.WaitAsync(name => name == "messaging.process.duration", Ct);
    }

    private static Task<OtlpSpan> SpanAsync(OtlpReceiver collector, string name) =>
        collector.Spans.WaitAsync(span => span.Name == name, Ct);

    private async Task<Message> SendAsync(FlowChatProcess server, Conversation conversation)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            new Uri(server.BaseUrl, $"/api/conversations/{conversation.Id}/messages")
        )
        {
            Content = JsonContent.Create(new { client_message_id = "traced", text = "Olá" }),
            Headers =
            {
                Authorization = inbox.Server.Client.Http.DefaultRequestHeaders.Authorization,
            },
        };
        using var answer = await inbox.Server.Client.Http.SendAsync(request, Ct);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<Message>(FlowChatClient.Json, Ct))!;
    }
}
