using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using FlowChat.Testing.Api;

namespace FlowChat.Tests.Live;

public sealed class EventStreamTests(TestLog log) : IClassFixture<TestLog>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Server_sent_events_go_on_behind_the_last_one_seen()
    {
        await log.WriteAsync(log.Node, 5, Ct);
        var last = await log.LastSeqAsync(Ct);

        // The header of a reconnecting browser wins over the address that it first asked for.
        var events = await EventStream
            .ReadAsync(log.Node.Client.Http, $"{last - 3}", Ct, after: last)
            .Take(3)
            .ToListAsync(Ct);

        Assert.Equal([last - 2, last - 1, last], events.Select(live => live.Seq));
        Assert.Equal([$"{last - 2}", $"{last - 1}", $"{last}"], events.Select(live => live.Id));
    }

    [Fact]
    public async Task A_browser_is_told_how_soon_to_come_again_before_anything_happens()
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            $"/api/events?after={await log.LastSeqAsync(Ct)}"
        );
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var response = await log.Node.Client.Http.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead,
            Ct
        );
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Ct));

        Assert.Equal("retry: 2000", await reader.ReadLineAsync(Ct));
    }

    [Fact]
    public async Task A_browser_is_told_by_a_node_that_stops_to_come_again_within_a_second()
    {
        await using var leaving = await log.StartNodeAsync();
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            $"/api/events?after={await log.LastSeqAsync(Ct)}"
        );
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var response = await leaving.Client.Http.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead,
            Ct
        );
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Ct));
        Assert.Equal("retry: 2000", await reader.ReadLineAsync(Ct));

        var stopping = leaving.StopAsync();
        var rest = (await reader.ReadToEndAsync(Ct)).Split('\n');
        await stopping;

        var again = Assert.Single(
            rest,
            line => line.StartsWith("retry:", StringComparison.Ordinal)
        );
        Assert.InRange(
            int.Parse(again["retry:".Length..], System.Globalization.CultureInfo.InvariantCulture),
            0,
            1_000
        );
        // Without an id it leaves the browser at the last event that it saw.
        Assert.DoesNotContain(rest, line => line.StartsWith("id:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_hub_streams_from_any_place_and_on_into_what_comes()
    {
        await log.WriteAsync(log.Node, 3, Ct);
        var last = await log.LastSeqAsync(Ct);

        foreach (var behind in (int[])[0, 1, 2, 3])
        {
            await using var events = log
                .Node.Client.LiveAsync(last - behind, Ct)
                .GetAsyncEnumerator(Ct);
            for (var seq = last - behind + 1; seq <= last; seq++)
            {
                Assert.True(await events.MoveNextAsync());
                Assert.Equal(seq, events.Current.Seq);
            }
            var next = events.MoveNextAsync().AsTask();
            await log.WriteAsync(log.Node, 1, Ct);
            Assert.True(await next);
            Assert.Equal(++last, events.Current.Seq);
        }
    }

    [Fact]
    public async Task A_reader_further_behind_than_the_ring_misses_nothing()
    {
        await log.WriteAsync(log.Node, 1, Ct);
        var start = await log.LastSeqAsync(Ct);
        await log.ExecuteAsync(
            """
            with counter as (update tenant_counters set seq = seq + 5000 returning tenant_id, seq - 5000 as before)
            insert into events (tenant_id, seq, type, data)
            select tenant_id, before + n, 'user.updated', '{}' from counter, generate_series(1, 5000) n
            """
        );

        var seqs = await log
            .Node.Client.LiveAsync(start, Ct)
            .Take(5_000)
            .Select(live => live.Seq)
            .ToListAsync(Ct);

        Assert.Equal(Enumerable.Range(1, 5_000).Select(n => start + n), seqs);
        await log.WriteAsync(log.Node, 1, Ct);
        var next = await log.Node.Client.LiveAsync(start + 5_000, Ct).FirstAsync(Ct);
        Assert.Equal(start + 5_001, next.Seq);
    }

    [Fact]
    public async Task A_revoked_key_ends_its_streams_with_the_reason()
    {
        var key = await log.Node.Client.PostAsync<Key>(
            "/api/api-keys",
            new { Name = "Reader", Role = "viewer" },
            Ct
        );
        using var reader = new FlowChatClient(log.Node.BaseUrl, key.Secret);
        var last = await log.LastSeqAsync(Ct);
        await using var hub = reader.LiveAsync(last - 1, Ct).GetAsyncEnumerator(Ct);
        await using var stream = EventStream
            .ReadAsync(reader.Http, $"{last - 1}", Ct)
            .GetAsyncEnumerator(Ct);
        Assert.True(await hub.MoveNextAsync());
        Assert.True(await stream.MoveNextAsync());

        using var revoked = await log.Node.Client.Http.DeleteAsync($"/api/api-keys/{key.Id}", Ct);
        revoked.EnsureSuccessStatusCode();

        var error = await Assert.ThrowsAsync<WebSocketException>(async () =>
            await hub.MoveNextAsync()
        );
        Assert.Contains("unauthenticated", error.Message, StringComparison.Ordinal);
        Assert.True(await stream.MoveNextAsync());
        Assert.Equal(("unauthenticated", null), (stream.Current.Type, stream.Current.Id));
        Assert.False(await stream.MoveNextAsync());
    }

    [Fact]
    public async Task A_session_that_signs_out_ends_its_stream()
    {
        var email = $"reader-{Guid.CreateVersion7():N}@example.com";
        await log.Node.Client.CreateUserAsync(email, "Rita", "viewer", "correct horse battery", Ct);
        using var browser = new HttpClient { BaseAddress = log.Node.BaseUrl };
        browser.DefaultRequestHeaders.Add(
            "Origin",
            log.Node.BaseUrl.GetLeftPart(UriPartial.Authority)
        );
        using var signedIn = await browser.PostAsJsonAsync(
            "/api/auth/sign-in",
            new { email, password = "correct horse battery" },
            Ct
        );
        var me = JsonElement.Parse(await signedIn.Content.ReadAsStringAsync(Ct));
        browser.DefaultRequestHeaders.Add("X-CSRF-Token", me.GetProperty("csrf_token").GetString());
        var last = await log.LastSeqAsync(Ct);
        await using var stream = EventStream
            .ReadAsync(browser, $"{last - 1}", Ct)
            .GetAsyncEnumerator(Ct);
        Assert.True(await stream.MoveNextAsync());

        using var signedOut = await browser.PostAsync("/api/auth/sign-out", null, Ct);
        signedOut.EnsureSuccessStatusCode();

        Assert.True(await stream.MoveNextAsync());
        Assert.Equal("unauthenticated", stream.Current.Type);
        Assert.False(await stream.MoveNextAsync());
    }

    private sealed record Key(
        Guid Id,
        [property: System.Text.Json.Serialization.JsonPropertyName("key")] string Secret
    );
}
