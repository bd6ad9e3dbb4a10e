using FlowChat.Accounts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace FlowChat.Tests.Accounts;

public sealed class OwnOriginTests
{
    [Theory]
    [InlineData("http", "127.0.0.1:8080", "http://127.0.0.1:8080", true)]
    [InlineData("http", "127.0.0.1:8080", "http://127.0.0.1:8081", false)]
    [InlineData("http", "127.0.0.1:8080", "http://localhost:8080", false)]
    [InlineData("http", "inbox.example", "https://inbox.example", true)]
    [InlineData("http", "inbox.example:443", "https://inbox.example", true)]
    [InlineData("https", "inbox.example", "http://inbox.example", false)]
    [InlineData("https", "INBOX.example", "https://inbox.example", true)]
    [InlineData("http", "10.0.0.7:8080", "https://chat.acme.example", true)]
    [InlineData("http", "10.0.0.7:8080", "http://chat.acme.example", false)]
    [InlineData("http", "10.0.0.7:8080", "https://chat.acme.example.evil.example", false)]
    [InlineData("http", "10.0.0.7:8080", "null", false)]
    [InlineData("http", "10.0.0.7:8080", "file://10.0.0.7:8080", false)]
    [InlineData("http", "10.0.0.7:8080", "", false)]
    public void Own_is_the_requested_host_or_the_public_address(
        string scheme,
        string host,
        string origin,
        bool isOwn
    )
    {
        var request = Request(scheme, host);
        request.Headers.Origin = origin;

        Assert.Equal(isOwn, Subject.Sent(request));
    }

    [Theory]
    [InlineData("127.0.0.1:8080", true)]
    [InlineData("localhost:8080", true)]
    [InlineData("[::1]:8080", true)]
    [InlineData("evil.example:8080", false)]
    [InlineData("localhost.evil.example:8080", false)]
    [InlineData("192.168.0.7:8080", false)]
    public void Only_this_machines_own_names_lead_to_a_server_that_it_alone_can_ask(
        string host,
        bool isOwn
    )
    {
        var request = Request("http", host);
        request.Headers.Origin = $"http://{host}";
        var subject = new OwnOrigin(Options.Create(new AccountsOptions { IsLocal = true }));

        Assert.Equal(isOwn, subject.Sent(request));
    }

    [Theory]
    [InlineData("https", "anything.example", true)]
    [InlineData("http", "chat.acme.example", true)]
    [InlineData("http", "127.0.0.1:8080", false)]
    public void Https_is_seen_through_a_proxy_that_ends_it(
        string scheme,
        string host,
        bool isHttps
    ) => Assert.Equal(isHttps, Subject.IsHttps(Request(scheme, host)));

    private static OwnOrigin Subject =>
        new(
            Options.Create(
                new AccountsOptions { PublicUrl = new Uri("https://chat.acme.example/inbox") }
            )
        );

    private static HttpRequest Request(string scheme, string host)
    {
        var request = new DefaultHttpContext().Request;
        request.Scheme = scheme;
        request.Host = new HostString(host);
        return request;
    }
}
