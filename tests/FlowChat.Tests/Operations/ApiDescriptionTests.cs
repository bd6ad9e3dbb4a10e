using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace FlowChat.Tests.Operations;

/// <summary>/openapi/v1.json tells of every route what it takes and all that it answers.</summary>
public sealed class ApiDescriptionTests(RunningFlowChat flowChat) : IClassFixture<RunningFlowChat>
{
    private static readonly string[] Described = ["/api/", "/webhooks/", "/health"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_lists_the_routes_that_there_are_and_no_others()
    {
        var routes = Operations().Select(operation => $"{operation.Method} {operation.Path}");

        var described = (await ReadAsync())
            .GetProperty("paths")
            .EnumerateObject()
            .SelectMany(path =>
                path.Value.EnumerateObject()
                    .Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}")
            );

        Assert.NotEmpty(routes);
        Assert.Equal(routes.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public Task Each_says_what_it_does_and_where_it_belongs() =>
        EachAsync(
            (_, operation) =>
            {
                Assert.NotEqual("", operation.GetProperty("summary").GetString());
                Assert.Single(operation.GetProperty("tags").EnumerateArray());
            }
        );

    [Fact]
    public Task Each_describes_its_success() =>
        EachAsync(
            (_, operation) =>
            {
                var successes = Responses(operation).Where(response => response.Status < 300);
                Assert.NotEmpty(successes);
                Assert.All(
                    successes.Where(success => success.Status != 204),
                    success => Assert.NotEmpty(Schemas(success.Body))
                );
            }
        );

    [Fact]
    public Task Each_describes_the_body_it_reads() =>
        EachAsync(
            (route, operation) =>
            {
                if (
                    route.Metadata.GetMetadata<IAcceptsMetadata>() is not null
                    || (
                        IsPost(route)
                        && route.RoutePattern.RawText!.StartsWith(
                            "/webhooks/",
                            StringComparison.Ordinal
                        )
                    )
                )
                {
                    Assert.NotEmpty(Schemas(operation.GetProperty("requestBody")));
                }
            }
        );

    [Fact]
    public Task Each_lists_the_parameters_of_its_path_and_no_other_place_for_them() =>
        EachAsync(
            (route, operation) =>
            {
                var inPath = operation.TryGetProperty("parameters", out var parameters)
                    ? parameters
                        .EnumerateArray()
                        .Where(parameter => parameter.GetProperty("in").GetString() == "path")
                        .Select(parameter => parameter.GetProperty("name").GetString()!)
                    : [];
                Assert.Equal(route.RoutePattern.Parameters.Select(p => p.Name), inPath);
            }
        );

    [Fact]
    public Task Whoever_must_sign_in_is_told_what_happens_otherwise() =>
        EachAsync(
            (route, operation) =>
            {
                var isOpen = route.Metadata.GetMetadata<IAllowAnonymous>() is not null;
                Assert.Equal(isOpen, !operation.TryGetProperty("security", out _));
                if (!isOpen)
                {
                    var statuses = Responses(operation).Select(response => response.Status);
                    Assert.Superset(new HashSet<int> { 401, 403, 503 }, statuses.ToHashSet());
                }
            }
        );

    [Fact]
    public Task Each_that_names_a_thing_says_when_there_is_none() =>
        EachAsync(
            (route, operation) =>
            {
                if (route.RoutePattern.RawText!.Contains(":guid}", StringComparison.Ordinal))
                {
                    Assert.Contains(Responses(operation), response => response.Status == 404);
                }
            }
        );

    [Fact]
    public Task Every_error_is_a_problem() =>
        EachAsync(
            (route, operation) =>
            {
                // A probe reads the same document whether it is ready or not.
                if (route.RoutePattern.RawText == "/health/ready")
                {
                    return;
                }
                foreach (var (status, body) in Responses(operation).Where(r => r.Status >= 400))
                {
                    var content = body.GetProperty("content").EnumerateObject();
                    Assert.Equal(
                        (status, "application/problem+json"),
                        (status, Assert.Single(content).Name)
                    );
                    Assert.NotEmpty(Schemas(body));
                }
            }
        );

    [Fact]
    public async Task A_number_is_a_number_and_no_text() =>
        Assert.DoesNotContain(
            """["integer","string"]""",
            JsonSerializer.Serialize(await ReadAsync()),
            StringComparison.Ordinal
        );

    private async Task EachAsync(Action<RouteEndpoint, JsonElement> check)
    {
        var paths = (await ReadAsync()).GetProperty("paths");
        Assert.All(
            Operations(),
            operation =>
                check(
                    operation.Route,
                    paths
                        .GetProperty(operation.Path)
                        .GetProperty(operation.Method.ToLowerInvariant())
                )
        );
    }

    private static bool IsPost(RouteEndpoint route) =>
        route
            .Metadata.GetMetadata<IHttpMethodMetadata>()
            ?.HttpMethods.Contains("POST", StringComparer.Ordinal) == true;

    private async Task<JsonElement> ReadAsync()
    {
        using var http = new HttpClient { BaseAddress = flowChat.Address };
        var text = await http.GetStringAsync("/openapi/v1.json", Ct);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    private IEnumerable<(RouteEndpoint Route, string Method, string Path)> Operations() =>
        flowChat
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            // Answers for addresses that aren't there, and is none itself.
            .Where(route => route.RoutePattern.RawText != "/webhooks/{**address}")
            .Select(route => (Route: route, Path: PathOf(route.RoutePattern)))
            .Where(route =>
                Array.Exists(
                    Described,
                    prefix => route.Path.StartsWith(prefix, StringComparison.Ordinal)
                )
            )
            .SelectMany(route =>
                route
                    .Route.Metadata.GetRequiredMetadata<IHttpMethodMetadata>()
                    .HttpMethods.Select(method => (route.Route, method, route.Path))
            );

    // As OpenAPI writes it: no constraints, no slash at the end.
    private static string PathOf(RoutePattern pattern) =>
        string.Concat(
            pattern.PathSegments.Select(segment =>
                "/"
                + string.Concat(
                    segment.Parts.Select(part =>
                        part switch
                        {
                            RoutePatternLiteralPart literal => literal.Content,
                            RoutePatternParameterPart parameter => $"{{{parameter.Name}}}",
                            _ => throw new NotSupportedException($"{part.PartKind}"),
                        }
                    )
                )
            )
        );

    private static IEnumerable<(int Status, JsonElement Body)> Responses(JsonElement operation) =>
        operation
            .GetProperty("responses")
            .EnumerateObject()
            .Select(response =>
                (
                    int.Parse(response.Name, System.Globalization.CultureInfo.InvariantCulture),
                    response.Value
                )
            );

    private static IEnumerable<JsonElement> Schemas(JsonElement body) =>
        body.TryGetProperty("content", out var content)
            ? content
                .EnumerateObject()
                .Where(media => media.Value.TryGetProperty("schema", out _))
                .Select(media => media.Value.GetProperty("schema"))
            : [];
}
