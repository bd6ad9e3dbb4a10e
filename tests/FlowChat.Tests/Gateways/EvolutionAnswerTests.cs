using System.Net;
using System.Text.Json.Nodes;
using FlowChat.Gateways;
using FlowChat.Gateways.Evolution;
using FlowChat.Testing.Evolution;

namespace FlowChat.Tests.Gateways;

/// <summary>What each answer of a gateway says of a send: certainly not sent, perhaps, or sent.</summary>
public sealed class EvolutionAnswerTests
{
    private static readonly Guid InstanceId = Guid.CreateVersion7();

    public static TheoryData<int, string, string> Sends =>
        new()
        {
            { 201, """{"key":{"id":"3EB0A"},"status":"PENDING"}""", "sent 3EB0A" },
            { 200, """{"key":{"id":"3EB0A"}}""", "sent 3EB0A" },
            // Accepted, and no id by which an echo could be told from others.
            { 201, "{}", "unknown" },
            { 201, """{"key":{"id":""}}""", "unknown" },
            { 201, """{"key":{"id":7}}""", "unknown" },
            { 201, "", "unknown" },
            { 201, "<html>OK</html>", "unknown" },
            { 400, Text(Answer.NotOnWhatsApp("5511987654321")), "refused not_on_whatsapp" },
            // Only exists:false proves it: the same array may say the opposite, or something else.
            { 400, Error("""[{"jid":"a","exists":true,"number":"1"}]"""), "unknown" },
            { 400, Error("""[{"jid":"a","number":"1"}]"""), "unknown" },
            { 400, Error("""["Error: Connection Closed"]"""), "unknown" },
            { 400, Error("\"Error: duplicate key value\""), "unknown" },
            { 400, Error("""[["instance requires property \"number\""]]"""), "refused refused" },
            { 400, Error("""[["caption is not of a type(s) string"]]"""), "refused refused" },
            { 400, Error("""[[{"jid":"a","exists":true}]]"""), "unknown" },
            { 400, "", "unknown" },
            { 400, "null", "unknown" },
            { 401, Text(Answer.Unauthorized), "key refused" },
            { 403, Error("\"Forbidden\""), "key refused" },
            { 404, Text(Answer.InstanceMissing("loja")), "not sent instance_missing" },
            { 413, "", "refused refused" },
            { 422, Error("\"too long\""), "refused refused" },
            { 429, "", "not sent gateway_error" },
            { 503, Text(Answer.LicenseRequired), "not connected" },
            { 503, "<html>Service Unavailable</html>", "not sent gateway_error" },
            // A proxy gave up waiting, or the gateway broke in the middle.
            { 500, Error("\"Internal Server Error\""), "unknown" },
            { 502, "<html>Bad Gateway</html>", "unknown" },
            { 504, "", "unknown" },
            { 408, "", "unknown" },
            { 302, "", "unknown" },
            { 204, "", "unknown" },
        };

    [Theory]
    [MemberData(nameof(Sends))]
    public void A_send_is_called_unsent_only_when_the_answer_proves_it(
        int status,
        string body,
        string expected
    ) => Assert.Equal(expected, Say(EvolutionAnswer.ReadSend(InstanceId, Reply(status, body))));

    [Theory]
    [InlineData(400, """["Error: a","Error: b"]""", "HTTP 400: Error: a Error: b")]
    [InlineData(400, "\"Error: a\"", "HTTP 400: Error: a")]
    [InlineData(500, "7", "HTTP 500")]
    public void The_reason_is_the_gateways_own_words(int status, string message, string expected)
    {
        var result = EvolutionAnswer.ReadSend(InstanceId, Reply(status, Error(message)));

        Assert.Equal(expected, Assert.IsType<SendResult.Unknown>(result).Reason);
    }

    [Fact]
    public void A_long_reason_is_cut()
    {
        var body = Error($"\"{new string('x', 10_000)}\"");

        var result = EvolutionAnswer.ReadSend(InstanceId, Reply(400, body));

        Assert.Equal(300, Assert.IsType<SendResult.Unknown>(result).Reason.Length);
    }

    [Theory]
    [InlineData(200, """{"instance":{"instanceName":"loja","state":"open"}}""", "open")]
    [InlineData(200, """{"instance":{"state":"connecting"}}""", "connecting")]
    [InlineData(200, """{"instance":{"state":"close"}}""", "close")]
    [InlineData(200, """{"instance":{"state":"refused"}}""", "refused")]
    [InlineData(200, """{"instance":{"state":"napping"}}""", "unknown")]
    [InlineData(200, "{}", "unknown")]
    [InlineData(200, "", "unknown")]
    [InlineData(401, "{}", "refused")]
    [InlineData(403, "", "refused")]
    [InlineData(404, "{}", "unknown")]
    [InlineData(500, "{}", "unknown")]
    [InlineData(502, "", "unreachable")]
    [InlineData(503, "", "unreachable")]
    [InlineData(504, "", "unreachable")]
    public void The_numbers_state_is_the_gateways_word(int status, string body, string expected) =>
        Assert.Equal(expected, EvolutionAnswer.ReadState(Reply(status, body)).State);

    public static TheoryData<HttpRequestError, string> Failures
    {
        get
        {
            HttpRequestError[] neverConnected =
            [
                HttpRequestError.ConnectionError,
                HttpRequestError.NameResolutionError,
                HttpRequestError.SecureConnectionError,
                HttpRequestError.ProxyTunnelError,
            ];
            return
            [
                .. Enum.GetValues<HttpRequestError>()
                    .Select(error => new TheoryDataRow<HttpRequestError, string>(
                        error,
                        neverConnected.Contains(error) ? "not connected" : "unknown"
                    )),
            ];
        }
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public void Only_a_connection_that_was_never_there_proves_that_nothing_left(
        HttpRequestError error,
        string expected
    ) =>
        Assert.Equal(
            expected,
            Say(
                EvolutionAnswer.ReadSend(
                    InstanceId,
                    EvolutionReply.Of(new HttpRequestException(error, "broken"))
                )
            )
        );

    private static string Say(SendResult result) =>
        result switch
        {
            SendResult.Sent sent => $"sent {sent.WaId}",
            SendResult.Refused refused => $"refused {refused.Code}",
            SendResult.NotSent unsent => $"not sent {unsent.Code}",
            SendResult.NotConnected => "not connected",
            SendResult.KeyRefused => "key refused",
            _ => "unknown",
        };

    private static EvolutionReply Reply(int status, string body) =>
        EvolutionReply.Of((HttpStatusCode)status, body);

    private static string Text(Answer answer) => answer.Body.ToJsonString();

    private static string Error(string message) =>
        Text(Answer.Error(400, JsonNode.Parse(message)!));
}
