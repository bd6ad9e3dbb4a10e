namespace FlowChat.Tests.Gateways.Conformance;

public abstract partial class GatewayConformance
{
    [Theory]
    [InlineData("sent", "delivered", "read")]
    [InlineData("read", "sent", "delivered")]
    [InlineData("delivered", "delivered", "sent")]
    [InlineData("played", "sent", "read")]
    public async Task Statuses_move_a_message_on_and_never_back(params string[] told)
    {
        string[] order = ["sent", "delivered", "read", "played"];
        var furthest = told.MaxBy(status => Array.IndexOf(order, status))!;
        await using var line = await ConnectAsync();
        line.ReportEach(told);

        var message = await SendAsync(await OpenAsync(line), new { Text = "Olá" });
        await line.Number.WaitAsync(message, furthest, Ct);
        foreach (var status in told)
            await line.ReportAsync(line.Arrived.Single().WaId, Ana, status, Ct);

        Assert.Equal(furthest, (await line.Number.ReadAsync(message, Ct)).Status);
        var states = (await line.Number.StatesAsync(message, Ct)).ToList();
        Assert.Equal(["queued", "sending"], states[..2]);
        Assert.Equal(states[2..].Distinct().OrderBy(s => Array.IndexOf(order, s)), states[2..]);
    }

    [Fact]
    public async Task A_status_waits_for_its_message()
    {
        await using var line = await ConnectAsync();
        await line.ReportAsync("EARLY", Ana, "read", Ct);

        await line.TypeAsync(Ana, "EARLY", "Olá", Ct);

        var typed = (
            await line.Number.WaitAsync(live => live.Message?.WaId == "EARLY", Ct)
        ).Message!;
        Assert.Equal("read", (await line.Number.ReadAsync(typed, Ct)).Status);
    }

    [Fact]
    public async Task A_send_that_fails_after_all_says_so()
    {
        await using var line = await ConnectAsync();
        var sent = await SentAsync(line, await OpenAsync(line), "Olá");

        await line.ReportAsync(sent.WaId!, Ana, "failed", Ct);

        var failed = await line.Number.WaitAsync(sent, "failed", Ct);
        Assert.NotNull(failed.Error);
        Assert.Single(line.Calls);
    }
}
