using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FlowChat.Instances;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Instances;

/// <summary>Whatever becomes of telling a gateway whom to call: the secret that it has is never refused.</summary>
public sealed class SetUpFailureTests(SendingFlowChat flowChat) : IClassFixture<SendingFlowChat>
{
    private static readonly Person Ana = Person.Number(1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rotation_is_not_done_before_the_gateway_has_it_and_ends_though_its_caller_is_gone()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var before = number.Fake.Webhook!;
        var answer = new TaskCompletionSource();
        number.Gateway.Script.Next(IsSetUp, Reply.Normal.After(answer.Task));
        using var tab = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var rotation = RotateAsync(number, tab.Token);
        await number.Gateway.Requests.WaitAsync(2, IsSetUp, Ct);

        // Killed here, another process would see that there is something to do.
        var meanwhile = await ReadAsync(number);
        await tab.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rotation);
        answer.SetResult();

        Assert.Null(meanwhile["webhook_set_at"]);
        await WaitUntilSetAsync(number, (long)meanwhile["version"]!);
        Assert.NotEqual(before.Headers["Authorization"], SecretOf(number));
        await AssertHeardAsync(number);
    }

    [Fact]
    public async Task While_the_gateway_does_not_take_the_new_secret_the_old_one_holds_and_then_it_gets_the_one_that_was_shown()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        number.Gateway.Script.Always(IsSetUp, Reply.Dropped);

        var rotated = await RotateAsync(number, Ct);
        await AgeAsync(number);

        Assert.Null(rotated["webhook_set_at"]);
        await AssertHeardAsync(number);
        var waiting = await ReadAsync(number);
        number.Gateway.Script.Clear();
        await AgeAsync(number);
        flowChat.Server.Get<InstanceMonitor>().CheckNow(number.Instance.Id);
        await WaitUntilSetAsync(number, (long)waiting["version"]!);
        Assert.Equal($"Bearer {rotated["webhook_secret"]}", SecretOf(number));
        await AssertHeardAsync(number);
    }

    [Fact]
    public async Task A_secret_of_which_only_the_hash_is_known_is_replaced_and_holds_until_the_gateway_has_the_new_one()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        await number.ExecuteAsync(
            "update instances set webhook_secret_sealed = null, secret_rotated_at = now() where id = @Id",
            new { number.Instance.Id }
        );
        await AgeAsync(number);
        number.Gateway.Script.Next(IsSetUp, Reply.Dropped);

        await MoveAsync(number);
        await number.Gateway.Requests.WaitAsync(2, IsSetUp, Ct);
        var waiting = await ReadAsync(number);
        await AgeAsync(number);

        await AssertHeardAsync(number);
        flowChat.Server.Get<InstanceMonitor>().CheckNow(number.Instance.Id);
        await WaitUntilSetAsync(number, (long)waiting["version"]!);
        Assert.NotEqual($"Bearer {number.Instance.WebhookSecret}", SecretOf(number));
        Assert.Equal(HttpStatusCode.OK, await PostWithFirstSecretAsync(number));
        await AgeAsync(number);
        Assert.Equal(HttpStatusCode.Unauthorized, await PostWithFirstSecretAsync(number));
        await AssertHeardAsync(number);
    }

    [Fact]
    public async Task What_the_gateway_took_while_its_answer_was_lost_holds_through_further_attempts()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        number.Gateway.Script.Next(IsSetUp, Reply.Lost);
        number.Gateway.Script.Always(IsSetUp, Reply.Dropped);

        await MoveAsync(number);
        for (var attempt = 2; attempt <= 4; attempt++)
        {
            await number.Gateway.Requests.WaitAsync(attempt, IsSetUp, Ct);
            await AgeAsync(number);
            flowChat.Server.Get<InstanceMonitor>().CheckNow(number.Instance.Id);
        }
        await number.Gateway.Requests.WaitAsync(5, IsSetUp, Ct);
        await AgeAsync(number);

        await AssertHeardAsync(number);
    }

    [Fact]
    public async Task Of_several_processes_one_tells_the_gateway()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var setup = flowChat.Server.Get<InstanceSetup>();
        await number.ExecuteAsync(
            "update instances set webhook_set_at = null, webhook_tried_at = null where id = @Id",
            new { number.Instance.Id }
        );
        var instance = await flowChat
            .Server.Get<InstanceQuery>()
            .FindAsync(flowChat.TenantId, number.Instance.Id, Ct);

        await Task.WhenAll(
            Enumerable
                .Range(0, 3)
                .Select(_ => setup.RunAgainAsync(flowChat.TenantId, instance!, Ct))
        );

        Assert.Equal(2, number.Gateway.Requests.All.Count(IsSetUp));
        await AssertHeardAsync(number);
    }

    [Fact]
    public async Task A_number_that_was_removed_is_not_made_anew_at_its_gateway()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        await using var other = await flowChat.ConnectAsync(Ct);
        await number.ExecuteAsync(
            """
            update instances
            set webhook_set_at = null, webhook_tried_at = null, created_at = created_at - interval '1 hour'
            where id = @Id
            """,
            new { number.Instance.Id }
        );

        using var removed = await flowChat.Server.Client.Http.DeleteAsync(
            $"/api/instances/{number.Instance.Id}?at_gateway=true",
            Ct
        );
        // One after the other: behind it, the first one's check has ended.
        flowChat.Server.Get<InstanceMonitor>().CheckNow(other.Instance.Id);
        await other.Gateway.Requests.WaitAsync(2, IsStateCheck, Ct);

        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Null(number.Gateway.FindInstance("loja"));
        Assert.DoesNotContain(
            number.Gateway.Requests.All,
            request => request.Path == "/instance/create"
        );
    }

    private static bool IsStateCheck(RecordedRequest request) =>
        request.Path.StartsWith("/instance/connectionState/", StringComparison.Ordinal);

    private static bool IsSetUp(RecordedRequest request) =>
        request.Path.StartsWith("/webhook/set/", StringComparison.Ordinal);

    private static string SecretOf(TestNumber number) =>
        number.Fake.Webhook!.Headers["Authorization"];

    private async Task<JsonObject> RotateAsync(
        TestNumber number,
        CancellationToken cancellationToken
    )
    {
        using var answer = await flowChat.Server.Client.Http.PostAsync(
            $"/api/instances/{number.Instance.Id}/rotate-secret",
            null,
            cancellationToken
        );
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonObject>(cancellationToken))!;
    }

    /// <summary>The gateway under another name: it hasn't heard of us there.</summary>
    private async Task MoveAsync(TestNumber number)
    {
        using var answer = await flowChat.Server.Client.Http.PatchAsJsonAsync(
            $"/api/instances/{number.Instance.Id}",
            new { base_url = $"http://localhost:{number.Gateway.Port}" },
            Ct
        );
        answer.EnsureSuccessStatusCode();
    }

    private async Task<HttpStatusCode> PostWithFirstSecretAsync(TestNumber number)
    {
        var message = new TextMessage(number.Fake.Number, Ana, "Olá");
        using var answer = await flowChat.Server.Client.TryPostWebhookAsync(
            number.Instance,
            message.ToBytes(),
            Ct
        );
        return answer.StatusCode;
    }

    private Task<JsonObject> ReadAsync(TestNumber number) =>
        flowChat.Server.Client.GetAsync<JsonObject>($"/api/instances/{number.Instance.Id}", Ct);

    /// <summary>As if two days had passed.</summary>
    private async Task AgeAsync(TestNumber number)
    {
        await number.ExecuteAsync(
            """
            update instances
            set secret_rotated_at = secret_rotated_at - interval '2 days',
                webhook_tried_at = webhook_tried_at - interval '2 days'
            where id = @Id
            """,
            new { number.Instance.Id }
        );
        flowChat.Server.Get<InstanceDirectory>().Forget(number.Instance.Id);
    }

    private static async Task AssertHeardAsync(TestNumber number)
    {
        var delivery = await number.Fake.ReceiveAsync(Ana, "Olá");
        Assert.Equal((HttpStatusCode.OK, 1), (delivery.Status, delivery.Attempts));
    }

    private static Task<LiveEvent> WaitUntilSetAsync(TestNumber number, long after) =>
        number.WaitAsync(
            live =>
                live.Data["instance"] is { } now
                && (string?)now["id"] == number.Instance.Id.ToString()
                && (long)now["version"]! > after
                && now["webhook_set_at"] is not null,
            Ct
        );
}
