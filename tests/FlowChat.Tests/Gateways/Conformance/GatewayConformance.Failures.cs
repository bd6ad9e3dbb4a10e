using System.Net.Http.Json;
using FlowChat.Testing.Evolution;

namespace FlowChat.Tests.Gateways.Conformance;

public abstract partial class GatewayConformance
{
    [Fact]
    public async Task What_will_never_go_through_fails_at_once_with_the_gateways_reason()
    {
        await using var line = await ConnectAsync();
        var conversation = await OpenAsync(line);
        var (answer, code) = line.Final;
        line.Next(Reply.Refused(answer));

        var message = await SendAsync(conversation, new { Text = "Olá" });

        var failed = await line.Number.WaitAsync(message, "failed", Ct);
        Assert.Equal(code, failed.Error!.Code);
        Assert.Single(line.Calls);
        Assert.Null(await line.Number.JobAsync(message));
        // Its lane goes on.
        await SentAsync(line, conversation, "Depois");
    }

    [Fact]
    public async Task What_may_go_through_later_is_tried_again_and_arrives_once()
    {
        await using var line = await ConnectAsync();
        line.Next(Reply.Refused(line.Busy));

        await SentAsync(line, await OpenAsync(line), "Olá");

        Assert.Equal(2, line.Calls.Count);
        Assert.Single(line.Arrived);
    }

    [Fact]
    public async Task A_lost_answer_is_unknown_never_sent_again_and_found_out()
    {
        await using var line = await ConnectAsync();
        var conversation = await OpenAsync(line);
        line.KeepSilent();
        line.Next(Reply.Lost);

        var message = await SendAsync(conversation, new { Text = "1" });
        await line.Number.WaitAsync(message, "unknown", Ct);
        var next = await SendAsync(conversation, new { Text = "2" });
        await line.ConfirmAsync(Ct);

        var known = await line.Number.WaitAsync(message, "sent", Ct);
        await line.Number.WaitAsync(next, "sent", Ct);
        Assert.Equal(line.Arrived[0].WaId, known.WaId);
        Assert.Equal(["1", "2"], line.Arrived.Select(arrived => arrived.Text));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_call_without_an_answer_is_unknown_and_holds_its_conversation_for_a_minute(
        bool drops
    )
    {
        await using var line = await ConnectAsync();
        var conversation = await OpenAsync(line);
        line.Next(drops ? Reply.Dropped : Reply.Never);

        var message = await SendAsync(conversation, new { Text = "1" });
        await line.Number.WaitAsync(message, "unknown", Ct);
        await line.Number.EndHoldAsync(message);
        await SentAsync(line, conversation, "2");

        Assert.Equal("unknown", (await line.Number.ReadAsync(message, Ct)).Status);
        Assert.Equal("2", Assert.Single(line.Arrived).Text);
        Assert.Equal(2, line.Calls.Count);
    }

    [Fact]
    public async Task A_gateway_that_is_away_costs_no_attempt()
    {
        await using var line = await ConnectAsync();
        var conversation = await OpenAsync(line);
        await line.StopAsync();

        var message = await SendAsync(conversation, new { Text = "Olá" });
        await line.Number.WaitForStateAsync("unreachable", Ct);
        // The state is told before the job is let go of.
        await line.Number.WaitForJobAsync(message, job => job is { Attempt: 0 }, Ct);
        await line.ListenAsync();

        await line.Number.WaitAsync(message, "sent", Ct);
        Assert.Single(line.Arrived);
    }

    [Fact]
    public async Task A_refused_key_lets_the_whole_number_wait_for_a_better_one()
    {
        await using var line = await ConnectAsync();
        var ana = await OpenAsync(line);
        var bruno = await OpenAsync(line, Bruno);
        line.RefuseKey();

        var first = await SendAsync(ana, new { Text = "1" });
        await line.Number.WaitForStateAsync("refused", Ct);
        var calls = line.Calls.Count;
        var other = await SendAsync(bruno, new { Text = "2" });
        line.ClearScript();
        Assert.Equal(calls, line.Calls.Count);
        using var patched = await Http.PatchAsJsonAsync(
            $"/api/instances/{line.Number.Instance.Id}",
            new { api_key = line.Key },
            Ct
        );
        Assert.True(patched.IsSuccessStatusCode);

        await line.Number.WaitAsync(first, "sent", Ct);
        await line.Number.WaitAsync(other, "sent", Ct);
        Assert.Equal(2, line.Arrived.Count);
    }
}
