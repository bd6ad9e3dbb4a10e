using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace FlowChat.Tests.Accounts;

/// <summary>A stranger learns nothing: not from a route, nor from a path, a method or a body that is wrong.</summary>
public sealed class ClosedDoorTests(AccountsApp app) : IClassFixture<AccountsApp>
{
    private static readonly string[] Anonymous = ["/api/auth/sign-in"];

    [Fact]
    public async Task Every_route_but_the_listed_ones_refuses_a_stranger()
    {
        using var stranger = app.Browser();
        var routes = app
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .ToList();
        Assert.NotEmpty(routes);

        foreach (var route in routes)
        {
            if (Anonymous.Contains(route.RoutePattern.RawText))
                continue;
            Assert.Null(route.Metadata.GetMetadata<IAllowAnonymous>());
            foreach (
                var method in route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods
                    ?? ["GET", "POST"]
            )
            {
                var answer = await stranger.SendAsync(method, Fill(route.RoutePattern));
                Assert.Equal(
                    (HttpStatusCode.Unauthorized, "Not signed in"),
                    (answer.Status, answer["title"])
                );
            }
        }
    }

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("GET", "/nothing/here")]
    [InlineData("GET", "/api/nothing")]
    [InlineData("DELETE", "/api/me")]
    [InlineData("GET", "/api/auth/sign-in")]
    [InlineData("PATCH", "/api/users/not-a-guid")]
    [InlineData("TRACE", "/api/users")]
    [InlineData("POST", "/api/users")]
    public async Task So_does_what_is_not_there(string method, string path)
    {
        using var stranger = app.Browser();

        var answer = await stranger.SendAsync(
            method,
            path,
            method == "POST" ? new StringContent("<xml/>") : null
        );

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
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
