using System.Net;
using FlowChat.Gateways.OutboundHttp;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FlowChat.Tests.Gateways;

public sealed class OutboundHttpTests : IAsyncLifetime
{
    private const int MaxBytes = 1000;

    private WebApplication _server = null!;
    private int _port;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.MapGet(
            "/bytes/{count:int}",
            (int count) => Results.Bytes(new byte[count], "text/plain")
        );
        _server.MapGet("/stream/{count:int}", StreamAsync);
        _server.MapGet("/redirect", () => Results.Redirect("/bytes/1"));
        await _server.StartAsync();
        _port = new Uri(_server.Urls.Single()).Port;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_listed_host_is_called()
    {
        using var client = Client("localhost");

        var body = await client.GetByteArrayAsync(Address("localhost", "/bytes/1000"), Ct);

        Assert.Equal(MaxBytes, body.Length);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("2130706433")]
    [InlineData("0x7f.1")]
    public async Task A_private_address_is_refused_however_it_is_written(string host)
    {
        using var client = Client("localhost");

        var error = await Assert.ThrowsAsync<AddressRefusedException>(() =>
            client.GetAsync(Address(host, "/bytes/1"), Ct)
        );

        Assert.Contains("FLOWCHAT_PRIVATE_HOSTS", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("169.254.169.254")]
    [InlineData("[::]")]
    public async Task Some_addresses_are_refused_though_all_hosts_are_listed(string host)
    {
        using var client = Client("*");

        await Assert.ThrowsAsync<AddressRefusedException>(() =>
            client.GetAsync(Address(host, "/bytes/1"), Ct)
        );
    }

    [Fact]
    public async Task No_redirect_is_followed()
    {
        using var client = Client("*");

        using var response = await client.GetAsync(Address("127.0.0.1", "/redirect"), Ct);

        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
    }

    [Theory]
    [InlineData("/bytes/1001", HttpCompletionOption.ResponseContentRead)]
    [InlineData("/bytes/1001", HttpCompletionOption.ResponseHeadersRead)]
    [InlineData("/stream/1001", HttpCompletionOption.ResponseContentRead)]
    [InlineData("/stream/1001", HttpCompletionOption.ResponseHeadersRead)]
    public async Task A_long_response_is_cut_off_buffered_or_streamed(
        string path,
        HttpCompletionOption completion
    )
    {
        using var client = Client("*");

        await Assert.ThrowsAnyAsync<HttpRequestException>(async () =>
        {
            using var response = await client.GetAsync(Address("127.0.0.1", path), completion, Ct);
            await response.Content.ReadAsByteArrayAsync(Ct);
        });
    }

    [Fact]
    public async Task A_response_within_the_cap_keeps_its_headers_and_streams_to_the_end()
    {
        using var client = Client("*");

        using var response = await client.GetAsync(
            Address("127.0.0.1", "/bytes/1000"),
            HttpCompletionOption.ResponseHeadersRead,
            Ct
        );
        await using var body = await response.Content.ReadAsStreamAsync(Ct);
        using var copy = new MemoryStream();
        await body.CopyToAsync(copy, Ct);

        Assert.Equal("text/plain", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(MaxBytes, response.Content.Headers.ContentLength);
        Assert.Equal(MaxBytes, copy.Length);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private Uri Address(string host, string path) => new($"http://{host}:{_port}{path}");

    private static OutboundHttpClient Client(params string[] privateHosts) =>
        OutboundHttpSetup.CreateClient(
            new AddressPolicy(privateHosts),
            TimeSpan.FromSeconds(30),
            MaxBytes
        );

    // Chunked: the length is not announced.
    private static async Task StreamAsync(int count, HttpResponse response)
    {
        await response.StartAsync();
        await response.Body.WriteAsync(new byte[count]);
    }
}
