using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace FlowChat.Tests.Accounts;

/// <summary>A stranger learns nothing: not from a route, nor from a path, a method or a body that is wrong.</summary>
public sealed class ClosedDoorTests(RunningFlowChat flowChat) : IClassFixture<RunningFlowChat>
{
    // Who opens one more door adds it here, and is asked why.
    private static readonly string[] Anonymous =
    [
        "/",
        "/api/auth/sign-in",
        "/conversations/{id?}",
        "/health/",
        "/health/ready",
        "/instances/{id?}",
        "/openapi/{documentName}.json",
        "/sandbox",
        "/sign-in",
        "/webhooks/cloud/{instanceId}/",
        "/webhooks/evolution/{instanceId}/",
        "/webhooks/evolution/{instanceId}/{secretOrEvent}",
        "/webhooks/evolution/{instanceId}/{secret}/{event}",
        "/webhooks/{**address}",
    ];

    private IReadOnlyList<RouteEndpoint> Routes =>
        [
            .. flowChat
                .Services.GetRequiredService<EndpointDataSource>()
                .Endpoints.OfType<RouteEndpoint>(),
        ];

    [Fact]
    public void Only_the_listed_routes_are_open()
    {
        var open = Routes
            .Where(route => route.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            .Select(route => route.RoutePattern.RawText)
            .Distinct();

        Assert.Equal(Anonymous, open.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_other_route_refuses_a_stranger()
    {
        using var stranger = new TestBrowser(flowChat.Address);
        var closed = Routes
            .Where(route => route.Metadata.GetMetadata<IAllowAnonymous>() is null)
            .ToList();
        Assert.NotEmpty(closed);

        foreach (var route in closed)
        {
            var methods = route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods;
            foreach (var method in methods is { Count: > 0 } ? methods : ["GET", "POST"])
            {
                var answer = await stranger.SendAsync(method, Fill(route.RoutePattern));
                Assert.Equal(
                    (method, route.RoutePattern.RawText, HttpStatusCode.Unauthorized),
                    (method, route.RoutePattern.RawText, answer.Status)
                );
            }
        }
    }

    [Theory]
    [InlineData("GET", "/nothing/here")]
    [InlineData("GET", "/api/nothing")]
    [InlineData("GET", "/index.html.bak")]
    [InlineData("POST", "/")]
    [InlineData("DELETE", "/api/me")]
    [InlineData("GET", "/api/auth/sign-in")]
    [InlineData("PATCH", "/api/users/not-a-guid")]
    [InlineData("TRACE", "/api/users")]
    [InlineData("POST", "/api/users")]
    [InlineData("GET", "/webhooks/evolution")]
    public async Task So_does_what_is_not_there(string method, string path)
    {
        using var stranger = new TestBrowser(flowChat.Address);

        var answer = await stranger.SendAsync(
            method,
            path,
            method == "POST" ? new StringContent("<xml/>") : null
        );

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Equal("Not signed in", answer["title"]);
        Assert.Equal("Bearer", answer.Headers["WWW-Authenticate"]);
    }

    private static string Fill(RoutePattern pattern) =>
        "/"
        + string.Join(
            '/',
            pattern.PathSegments.Select(segment =>
                string.Concat(
                    segment.Parts.Select(part =>
                        part is RoutePatternLiteralPart literal
                            ? literal.Content
                            : Guid.Empty.ToString()
                    )
                )
            )
        );
}
