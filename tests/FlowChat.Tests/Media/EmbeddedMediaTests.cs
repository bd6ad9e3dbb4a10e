using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using FlowChat.Media.Store;
using FlowChat.Operations;
using FlowChat.Testing.Evolution.Payloads;
using Npgsql;

namespace FlowChat.Tests.Media;

/// <summary>Bytes that come with their webhook, while the database or the store fails.</summary>
public sealed class EmbeddedMediaTests(SwitchedStoreFlowChat flowChat)
    : IClassFixture<SwitchedStoreFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_database_that_fails_while_bytes_are_kept_has_them_sent_again()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var (id, bytes) = (WhatsAppId.New(), TestFile.Jpeg(seed: 81));
        var webhook = Embedded(number, id, bytes);

        flowChat.Store.Failure = new NpgsqlException("the connection broke");
        var refused = await PostAsync(number, webhook);
        flowChat.Store.Failure = null;
        var taken = await PostAsync(number, webhook);

        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK),
            (refused.Status, taken.Status)
        );
        await number.WaitUntilReadyAsync(id, Ct);
        Assert.Equal(0, number.Fetches(id));
    }

    [Fact]
    public async Task A_message_is_written_however_the_store_fails()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var (id, bytes) = (WhatsAppId.New(), TestFile.Jpeg(seed: 82));
        number.Gateway.Media[id] = new("image/jpeg", bytes);

        flowChat.Store.Failure = new UnauthorizedAccessException("a folder of another user's");
        var answer = await PostAsync(number, Embedded(number, id, bytes));
        flowChat.Store.Failure = null;

        Assert.Equal((HttpStatusCode.OK, 1, 0), answer);
        await number.WaitForMediaAsync(id, "pending", Ct);
    }

    [Fact]
    public async Task A_repeated_webhook_whose_bytes_can_not_be_removed_is_a_duplicate()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var id = WhatsAppId.New();
        await PostAsync(number, Embedded(number, id, TestFile.Jpeg(seed: 83)));

        flowChat.Store.RemovalFailure = new UnauthorizedAccessException("read only");
        var answer = await PostAsync(number, Embedded(number, id, TestFile.Jpeg(seed: 84)));
        flowChat.Store.RemovalFailure = null;

        Assert.Equal((HttpStatusCode.OK, 0, 1), answer);
    }

    [Fact]
    public async Task A_store_that_is_away_is_told_once_until_it_takes_something()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        var failure = new MediaStoreException("it is away", new IOException());
        var seed = 90;
        async Task ReceiveAsync(Exception? with)
        {
            flowChat.Store.Failure = with;
            var bytes = TestFile.Jpeg(seed: seed++);
            await PostAsync(number, Embedded(number, WhatsAppId.New(), bytes));
            flowChat.Store.Failure = null;
        }

        await ReceiveAsync(failure);
        await ReceiveAsync(failure);
        Assert.Single(Alarms());
        await ReceiveAsync(null);
        await ReceiveAsync(failure);

        Assert.Equal(2, Alarms().Count());

        IEnumerable<Alarm> Alarms() =>
            flowChat
                .Server.Get<Alarms>()
                .Recent.Where(alarm => alarm is { Code: "media_store", Text: "it is away" });
    }

    private static JsonObject Embedded(TestNumber number, string id, byte[] bytes) =>
        new TextMessage(number.Fake.Number, Person.Ana, "")
        {
            Id = id,
            Message = MessageKinds.Image().With("base64", Convert.ToBase64String(bytes)),
            SentAt = number.Now,
        }.ToEnvelope();

    // Once: the fake's own repeats would hide the first answer.
    private static async Task<(HttpStatusCode Status, int Accepted, int Duplicates)> PostAsync(
        TestNumber number,
        JsonObject webhook
    )
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", number.Instance.WebhookSecret);
        // As the gateway writes it: .NET would escape each + of the base64.
        using var text = new StringContent(
            webhook.ToJsonString().Replace("\\u002B", "+", StringComparison.Ordinal),
            Encoding.UTF8,
            "application/json"
        );
        using var response = await http.PostAsync(number.Instance.WebhookUrl, text, Ct);
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync(Ct))!;
        return (response.StatusCode, (int?)body["accepted"] ?? 0, (int?)body["duplicates"] ?? 0);
    }
}
