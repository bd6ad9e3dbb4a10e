using System.Net;
using FlowChat.Testing.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FlowChat.Tests.Operations.Deployment;

/// <summary>nginx with deploy/nginx.conf before two nodes that only say which they are.</summary>
public sealed class BalancerTests : IAsyncLifetime
{
    private readonly NginxServer _nginx = new();
    private readonly List<WebApplication> _nodes = [];
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(NginxServer.IsInstalled, NginxServer.HowToInstall);
        var ports = new[] { await StartAsync("api-1"), await StartAsync("api-2") };
        await _nginx.StartAsync([("api-1", ports[0]), ("api-2", ports[1])], 0, Ct);
    }

    [Fact]
    public async Task A_session_keeps_its_node_for_the_live_connection_alone()
    {
        var nodes = new HashSet<string>(StringComparer.Ordinal);
        for (var session = 0; session < 20; session++)
            nodes.Add(Assert.Single(await AskAsync("/hubs/live/negotiate", $"s{session}")));

        Assert.Equal(2, nodes.Count);
        Assert.Equal(2, (await AskAsync("/api/me", "s1")).Count);
    }

    [Fact]
    public async Task A_request_that_reached_no_node_is_said_not_to_be_taken()
    {
        // The node hangs up with the request in its hands.
        Assert.DoesNotContain("taken", await AskOnceAsync("/lost", "s1"), StringComparison.Ordinal);
        foreach (var node in _nodes)
            await node.StopAsync(Ct);

        Assert.EndsWith(
            "\"taken\":false}",
            await AskOnceAsync("/api/me", "s1"),
            StringComparison.Ordinal
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _nginx.DisposeAsync();
        foreach (var node in _nodes)
            await node.DisposeAsync();
        _http.Dispose();
    }

    /// <returns>Who answered four such requests.</returns>
    private async Task<IReadOnlySet<string>> AskAsync(string path, string session)
    {
        var nodes = new HashSet<string>(StringComparer.Ordinal);
        for (var n = 0; n < 4; n++)
            nodes.Add(await AskOnceAsync(path, session));
        return nodes;
    }

    private async Task<string> AskOnceAsync(string path, string session)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            $"http://127.0.0.1:{_nginx.Port}{path}"
        );
        request.Headers.Add("Cookie", $"flowchat_session={session}");
        using var answer = await _http.SendAsync(request, Ct);
        return await answer.Content.ReadAsStringAsync(Ct);
    }

    private async Task<int> StartAsync(string name)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var node = builder.Build();
        node.Run(async context =>
        {
            if (context.Request.Path == "/lost")
                context.Abort();
            else
                await context.Response.WriteAsync(name, context.RequestAborted);
        });
        await node.StartAsync(Ct);
        _nodes.Add(node);
        return new Uri(node.Urls.Single()).Port;
    }
}
