using System.Net.Http.Json;
using System.Text;
using FlowChat.Testing.Api;

namespace FlowChat.Tests.Inbound;

public sealed class WebhookEncodingTests(InboundFlowChat flowChat) : IClassFixture<InboundFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task A_packed_body_is_as_good_as_a_plain_one(string coding)
    {
        var line = await flowChat.ConnectAsync(Ct);
        var body = line.From(flowChat.NewPerson(), "Oi").ToBytes();

        var answer = await PostAsync(
            line,
            coding.ToUpperInvariant(),
            PackedWebhook.Pack(coding, body)
        );

        Assert.Equal(new(1, 0, 0, 0), answer);
        Assert.Equal("Oi", Assert.Single(await line.ThreadAsync(Ct)).Text);
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("gzip, br")]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task What_cannot_be_unpacked_is_kept_for_a_person_to_read(string coding)
    {
        var line = await flowChat.ConnectAsync(Ct);

        var answer = await PostAsync(line, coding, Encoding.UTF8.GetBytes("not packed at all"));

        Assert.Equal(new(0, 0, 0, 1), answer);
        Assert.Contains($"Content-Encoding is {coding};", await line.QuarantinedForAsync(Ct));
    }

    private async Task<WebhookAnswer> PostAsync(WebhookLine line, string coding, byte[] body)
    {
        using var response = await PackedWebhook.PostAsync(
            flowChat.Server,
            line.Instance,
            coding,
            body,
            Ct
        );
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<WebhookAnswer>(Ct))!;
    }
}
