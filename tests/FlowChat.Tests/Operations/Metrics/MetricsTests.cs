using System.Net;
using FlowChat.Operations.Metrics;

namespace FlowChat.Tests.Operations.Metrics;

/// <summary>GET /metrics, as Prometheus reads it.</summary>
public sealed class MetricsTests(MetricsTests.Scraped flowChat)
    : IClassFixture<MetricsTests.Scraped>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_scrape_has_the_queues_their_durations_the_requests_and_the_runtime()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var message = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);
        await number.WaitAsync(message, "sent", Ct);

        // The handler's last commit is seen before its run is measured.
        Scrape scrape;
        do scrape = await ScrapeAsync(flowChat.Server.Client.Http, "/metrics");
        while (Count(scrape, "messaging_process_duration_seconds", "send_message") < 1);

        Assert.Equal(1, scrape.Samples["flowchat_database_up"]);
        foreach (var name in new[] { "waiting", "active", "delayed", "dead", "workers" })
            Assert.True(scrape.Samples[$"flowchat_queue_{name}{{queue=\"send_message\"}}"] >= 0);
        Assert.Equal("counter", scrape.Kinds["flowchat_queue_completed_total"]);
        Assert.True(Count(scrape, "flowchat_queues_wait_duration_seconds", "send_message") >= 1);
        Assert.True(
            Count(scrape, "http_server_request_duration_seconds", "/api/conversations/") >= 1
        );
        Assert.Contains(
            scrape.Kinds,
            kind => kind is { Key: "dotnet_gc_collections_total", Value: "counter" }
        );
    }

    [Fact]
    public async Task A_stranger_gets_401()
    {
        using var http = new HttpClient { BaseAddress = flowChat.Server.BaseUrl };

        using var answer = await http.GetAsync(new Uri("/metrics", UriKind.Relative), Ct);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task At_an_address_of_its_own_it_needs_no_key_and_nothing_else_is_there()
    {
        using var http = new HttpClient { BaseAddress = flowChat.Server.Addresses[1] };

        var scrape = await ScrapeAsync(http, "/metrics");
        using var health = await http.GetAsync(new Uri("/health", UriKind.Relative), Ct);
        using var me = await http.GetAsync(new Uri("/api/me", UriKind.Relative), Ct);

        Assert.NotEmpty(scrape.Samples);
        Assert.Equal(
            (HttpStatusCode.NotFound, HttpStatusCode.NotFound),
            (health.StatusCode, me.StatusCode)
        );
    }

    [Fact]
    public void What_would_break_a_line_is_escaped()
    {
        var text = new PrometheusText();
        text.Family("a_total", PrometheusText.Counter, "one\ntwo \\ three");
        text.Sample(
            "a_total",
            PrometheusText.LabelsOf(KeyValuePair.Create<string, object?>("x.y", "\"\\\n")),
            1e-7
        );

        Assert.Equal(
            "# HELP a_total one\\ntwo \\\\ three\n# TYPE a_total counter\na_total{x_y=\"\\\"\\\\\\n\"} 1E-07\n",
            text.ToString()
        );
        Scrape.Parse(text.ToString());
    }

    private static double Count(Scrape scrape, string histogram, string label) =>
        scrape
            .Samples.Where(sample =>
                sample.Key.StartsWith($"{histogram}_count{{", StringComparison.Ordinal)
                && sample.Key.Contains($"\"{label}\"", StringComparison.Ordinal)
            )
            .Sum(sample => sample.Value);

    private static Task<Scrape> ScrapeAsync(HttpClient http, string path) =>
        Scrape.ReadAsync(http, path, Ct);

    public sealed class Scraped(SharedPostgres postgres)
        : SendingFlowChat(
            postgres,
            new Dictionary<string, string?> { ["FLOWCHAT_METRICS_BIND"] = "127.0.0.1:0" }
        );
}
