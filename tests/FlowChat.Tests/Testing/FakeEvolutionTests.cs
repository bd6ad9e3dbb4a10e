using System.Net;
using FlowChat.Testing.Evolution;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Tests.Testing;

/// <summary>What goes wrong at the fake.</summary>
public sealed class FakeEvolutionTests : IAsyncLifetime
{
    private CalledFake called = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => called = await CalledFake.StartAsync();

    public ValueTask DisposeAsync() => called.DisposeAsync();

    [Fact]
    public async Task A_send_is_answered_201_and_recorded_with_its_header_and_body()
    {
        var waiting = called.Fake.WaitForSendAsync(request => request.Text is "Olá", Ct);

        var (status, answer) = await called.SendAsync();

        Assert.Equal(HttpStatusCode.Created, status);
        var sent = Assert.Single(called.Fake.Sent.All);
        Assert.Equal(sent.Id, answer!["key"]!["id"]!.GetValue<string>());
        var request = await waiting;
        Assert.Equal("/message/sendText/loja +1", request.Path);
        Assert.Equal(called.Fake.ApiKey, request.Headers["apikey"]);
    }

    [Fact]
    public async Task A_lost_reply_reaches_the_contact_and_a_dropped_request_does_not()
    {
        called.Fake.Script.Next(Reply.Dropped, Reply.Lost);

        await Assert.ThrowsAsync<HttpRequestException>(called.SendAsync);
        Assert.Empty(called.Fake.Sent.All);

        await Assert.ThrowsAsync<HttpRequestException>(called.SendAsync);
        Assert.Single(called.Fake.Sent.All);
    }

    [Fact]
    public async Task A_400_may_come_of_a_message_that_was_sent()
    {
        called.Fake.Script.Next(
            Reply.FailedAfterSend("Unique constraint failed"),
            Reply.Refused(Answer.NotOnWhatsApp("55"))
        );

        Assert.Equal(HttpStatusCode.BadRequest, (await called.SendAsync()).Status);
        var (status, answer) = await called.SendAsync();

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.False(answer!["response"]!["message"]![0]!["exists"]!.GetValue<bool>());
        Assert.Single(called.Fake.Sent.All);
    }

    [Fact]
    public async Task A_closed_number_refuses_to_send()
    {
        await called.Instance.ChangeStateAsync("close");

        var (status, answer) = await called.SendAsync();

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(
            "Error: Connection Closed",
            answer!["response"]!["message"]![0]!.GetValue<string>()
        );
        Assert.Empty(called.Fake.Sent.All);
    }

    [Fact]
    public async Task It_refuses_connections_and_comes_back_on_the_same_port()
    {
        await called.Fake.StopListeningAsync();
        var refused = await Assert.ThrowsAsync<HttpRequestException>(called.SendAsync);
        Assert.Equal(HttpRequestError.ConnectionError, refused.HttpRequestError);

        await called.Fake.ListenAsync();

        Assert.Equal(HttpStatusCode.Created, (await called.SendAsync()).Status);
    }

    [Fact]
    public async Task A_delay_holds_the_answer()
    {
        called.Fake.HoldsDelays = true;
        var begun = TimeProvider.System.GetTimestamp();

        var (status, _) = await called.PostAsync(
            "message/sendText",
            new()
            {
                ["number"] = Person.Ana.Phone,
                ["text"] = "Olá",
                ["delay"] = 60,
            }
        );

        Assert.Equal(HttpStatusCode.Created, status);
        // A timer may be some milliseconds early.
        Assert.True(TimeProvider.System.GetElapsedTime(begun) > TimeSpan.FromMilliseconds(40));
    }
}
