using FlowChat.Testing.Cloud;
using FlowChat.Testing.Cloud.Payloads;
using FlowChat.Testing.Evolution;

namespace FlowChat.Tests.Cloud;

/// <summary>What goes wrong at Meta, and what becomes of a message then.</summary>
public sealed class CloudFailureTests(CloudFlowChat flowChat) : IClassFixture<CloudFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(131026, "undeliverable")]
    [InlineData(131047, "window_closed")]
    [InlineData(131051, "refused")]
    [InlineData(131062, "undeliverable")]
    [InlineData(132001, "template_refused")]
    [InlineData(100, "refused")]
    [InlineData(135000, "gateway_error")]
    public async Task What_will_never_go_through_fails_at_once(int code, string expected)
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        line.Meta.Script.Next(Reply.Refused(Error(400, code)));

        var message = await line.SendAsync(await line.OpenAsync(Ct), new { Text = "Olá" }, Ct);

        var failed = await line.WaitAsync(message, "failed", Ct);
        Assert.Equal((expected, $"{code}: Details"), (failed.Error!.Code, failed.Error.Text));
        Assert.Single(line.Sends);
        Assert.Null(await line.JobAsync(message));
    }

    [Theory]
    [InlineData(500, 1)]
    [InlineData(503, 2)]
    [InlineData(500, 131000)]
    [InlineData(500, 131016)]
    [InlineData(503, 133004)]
    [InlineData(500, 999_999)]
    public async Task What_may_go_through_later_is_tried_again(int status, int code)
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        line.Meta.Script.Next(Reply.Refused(Error(status, code)));

        var message = await line.SendAsync(await line.OpenAsync(Ct), new { Text = "Olá" }, Ct);

        await line.WaitAsync(message, "sent", Ct);
        Assert.Equal(2, line.Sends.Count);
        Assert.Single(line.Meta.Sent.All);
    }

    [Fact]
    public async Task Too_much_to_one_person_lets_that_conversation_wait_and_no_other()
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        var ana = await line.OpenAsync(Ct);
        var bruno = await line.OpenAsync(Ct, person: 2);
        line.Meta.Script.Next(Reply.Refused(Error(400, 131056)));

        var first = await line.SendAsync(ana, new { Text = "1" }, Ct);
        await line.Meta.Requests.WaitAsync(request => request.IsSend, Ct);
        var second = await line.SendAsync(ana, new { Text = "2" }, Ct);
        var other = await line.SendAsync(bruno, new { Text = "B" }, Ct);
        await line.WaitAsync(other, "sent", Ct);

        var waits = await line.WaitForJobAsync(first, "131056", Ct);
        var held = await line.ReadAsync(first, Ct);
        Assert.Equal(("queued", "pair_pace"), (held.Status, held.Error?.Code));
        Assert.InRange(waits.Wait, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30));
        await line.ExecuteAsync("update jobs set due_at = now() where id = @Id", new { first.Id });
        await line.WaitAsync(second, "sent", Ct);
        Assert.Equal(
            ["1", "2"],
            line.Meta.Sent.All.Where(sent => sent.Text != "B").Select(sent => sent.Text)
        );
    }

    [Theory]
    [InlineData(130429, "number_pace")]
    [InlineData(4, "number_pace")]
    [InlineData(80007, "number_pace")]
    [InlineData(131042, null)]
    [InlineData(368, null)]
    [InlineData(131048, null)]
    public async Task Too_much_of_a_number_or_a_block_lets_the_number_wait(int code, string? says)
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        var ana = await line.OpenAsync(Ct);
        var bruno = await line.OpenAsync(Ct, person: 2);
        line.Meta.Script.Always(Reply.Refused(Error(400, code)));

        var first = await line.SendAsync(ana, new { Text = "1" }, Ct);
        await line.WaitAsync(
            live => live.Message is { Status: "queued", Version: > 2 } now && now.Id == first.Id,
            Ct
        );
        Assert.Equal(says, (await line.ReadAsync(first, Ct)).Error?.Code);
        var other = await line.SendAsync(bruno, new { Text = "B" }, Ct);

        // Parked: the other conversation's isn't even tried.
        Assert.Equal(0, (await line.JobAsync(first))!.Attempt);
        line.Meta.Script.Clear();
        await line.ExecuteAsync(
            "update job_keys set parked_until = null where limit_key = @key",
            new { key = line.Instance.Id.ToString() }
        );
        await line.WaitAsync(first, "sent", Ct);
        await line.WaitAsync(other, "sent", Ct);
        Assert.Equal(2, line.Meta.Sent.All.Count);
    }

    [Fact]
    public async Task A_refused_token_parks_the_number_until_a_better_one_comes()
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        var conversation = await line.OpenAsync(Ct);
        line.Meta.Script.Always(_ => true, Reply.Refused(GraphAnswer.TokenEnded));

        var message = await line.SendAsync(conversation, new { Text = "Olá" }, Ct);
        var refused = await line.WaitForStateAsync("refused", Ct);
        Assert.StartsWith("The gateway refuses its key: 190", refused.Instance!.StateReason);
        Assert.DoesNotContain(line.Meta.Token, refused.Data.ToJsonString());
        line.Meta.Script.Clear();
        using var patched = await flowChat.Server.Client.Http.PatchAsync(
            $"/api/instances/{line.Instance.Id}",
            new StringContent($$"""{"api_key":"{{line.Meta.Token}}"}""", null, "application/json"),
            Ct
        );

        await line.WaitAsync(message, "sent", Ct);
        Assert.Single(line.Meta.Sent.All);
    }

    [Fact]
    public async Task A_number_that_meta_blocks_waits_until_it_may_send_again()
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        var conversation = await line.OpenAsync(Ct);
        line.Meta.Health = new()
        {
            ["can_send_message"] = "BLOCKED",
            ["entities"] = new System.Text.Json.Nodes.JsonArray(
                new System.Text.Json.Nodes.JsonObject
                {
                    ["entity_type"] = "WABA",
                    ["can_send_message"] = "BLOCKED",
                    ["errors"] = new System.Text.Json.Nodes.JsonArray(
                        new System.Text.Json.Nodes.JsonObject
                        {
                            ["error_code"] = 141006,
                            ["error_description"] = "There is an error with the payment method.",
                        }
                    ),
                }
            ),
        };
        line.Meta.Script.Next(Reply.Refused(Error(400, 131042)));

        await line.SendAsync(conversation, new { Text = "Olá" }, Ct);

        var blocked = await line.WaitForStateAsync("refused", Ct);
        Assert.Equal(
            "141006: There is an error with the payment method.",
            blocked.Instance!.StateReason
        );
        await line.WaitAsync(
            live =>
                live.Instance?.Id == line.Instance.Id
                && live.Data["instance"]!["alarm"]?["code"]?.GetValue<string>() == "number_blocked",
            Ct
        );
    }

    [Fact]
    public async Task A_status_that_is_faster_than_a_lost_answer_leaves_nothing_unknown()
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        // Before the connection breaks.
        line.Meta.Receipts = ["sent"];
        line.Meta.Script.Next(Reply.Lost);
        var conversation = await line.OpenAsync(Ct);

        var message = await line.SendAsync(conversation, new { Text = "1" }, Ct);
        var next = await line.SendAsync(conversation, new { Text = "2" }, Ct);

        await line.WaitAsync(message, "sent", Ct);
        // Its lane isn't held for the minute that an unknown one would.
        await line.WaitAsync(next, "sent", Ct);
        Assert.DoesNotContain("unknown", await line.StatesAsync(message, Ct));
        Assert.Equal(["1", "2"], line.Meta.Sent.All.Select(sent => sent.Text));
    }

    [Fact]
    public async Task A_status_of_another_number_proves_nothing()
    {
        await using var line = await flowChat.ConnectCloudAsync(Ct);
        var sister = await flowChat.ConnectCloudAsync(Ct, line.Meta);
        line.Meta.Script.Next(Reply.Lost);
        var message = await line.SendAsync(await line.OpenAsync(Ct), new { Text = "Olá" }, Ct);
        await line.WaitAsync(message, "unknown", Ct);

        await line.PostAsync(
            sister.Number.Status(StatusOf(Assert.Single(line.Meta.Sent.All), "delivered", line)),
            Ct
        );

        Assert.Equal("unknown", (await line.ReadAsync(message, Ct)).Status);
    }

    private static System.Text.Json.Nodes.JsonObject StatusOf(
        CloudSent sent,
        string status,
        CloudLine line
    ) => CloudStatus.Of(sent.Id, status, line.Now, sent.To, sent.CallbackData);

    private static Answer Error(int status, int code) =>
        GraphAnswer.Error(status, code, "Message", "Details");
}
